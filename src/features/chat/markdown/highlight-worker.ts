import { colour, type ColourRequest, forget } from "./highlighter";

/** What the page asks of this thread: colours of lines, under a number, or to forget a block. */
export type WorkerRequest =
  | { readonly kind: "colour"; readonly id: number; readonly request: ColourRequest }
  | { readonly kind: "forget"; readonly block: number };

// One after another: the lines of a block depend on those before.
let last: Promise<unknown> = Promise.resolve();

self.addEventListener("message", ({ data }: MessageEvent<WorkerRequest>) => {
  if (data.kind === "forget") {
    forget(data.block);
    return;
  }
  last = last.then(async () => {
    const lines = await colour(data.request).catch(() => null);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- between threads there is none
    self.postMessage({ id: data.id, lines });
  });
});
