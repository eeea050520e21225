import type { ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { loadMarkdown, Markdown } from "./markdown";
import { MessageTime } from "./message-time";

/** A little of what answers are commonly made of. */
const SAMPLE = "## Head\n\nSome **bold**, *slanted* and `code`.\n\n- One\n- Two";

let isDone = false;

/**
 * Once the person begins to write, and then pauses: fetches what the first answer will want, and
 * draws a little of it where nobody sees it. A browser is slow with what it does for the first
 * time, and somebody waits for the first word.
 */
export function rehearseSoon(): () => void {
  const begin = () => void rehearse();
  document.addEventListener("input", begin, { once: true });
  return () => document.removeEventListener("input", begin);
}

async function rehearse() {
  if (isDone) return;
  isDone = true;
  await idle();
  await loadMarkdown();
  await idle();
  await drawUnseen(<Markdown text={SAMPLE} isGrowing />);
  await drawUnseen(<MessageTime timestamp={Date.now()} />);
}

async function drawUnseen(part: ReactNode) {
  const root = createRoot(document.createElement("div"));
  root.render(part);
  await idle();
  root.unmount();
}

function idle(): Promise<unknown> {
  return new Promise((resolve) => (globalThis.requestIdleCallback ?? setTimeout)(resolve));
}
