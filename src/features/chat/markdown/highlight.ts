import type { WorkerRequest } from "./highlight-worker";
import type { CodeToken, ColourRequest } from "./highlighter";

type Lines = CodeToken[][] | null;

let worker: Worker | null = null;
let ids = 0;
const waiting = new Map<number, (lines: Lines) => void>();

/** The colours of lines, from a thread of their own, which starts with the first block of code. */
export async function highlight(request: ColourRequest): Promise<Lines> {
  // Where there are no threads (tests), it is done here.
  if (typeof Worker === "undefined") return await (await import("./highlighter")).colour(request);
  worker ??= open();
  ids += 1;
  const { promise, resolve } = Promise.withResolvers<Lines>();
  waiting.set(ids, resolve);
  tell({ kind: "colour", id: ids, request });
  return await promise;
}

/** The block is gone from the page. */
export function forgetBlock(block: number) {
  tell({ kind: "forget", block });
}

function tell(request: WorkerRequest) {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- between threads there is none
  worker?.postMessage(request);
}

function open(): Worker {
  const opened = new Worker(new URL("./highlight-worker.ts", import.meta.url), { type: "module" });
  opened.addEventListener("message", ({ data }: MessageEvent<{ id: number; lines: Lines }>) => {
    waiting.get(data.id)?.(data.lines);
    waiting.delete(data.id);
  });
  // Code without colours stays readable; the next block tries again.
  opened.addEventListener("error", () => {
    worker = null;
    for (const give of waiting.values()) give(null);
    waiting.clear();
  });
  return opened;
}
