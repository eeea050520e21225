import { setTimeout as sleep } from "node:timers/promises";

/** How fast an answer leaves the server. */
export interface Pace {
  readonly firstTokenMs: number;
  readonly tokensPerSecond: number;
}

/**
 * Yields the tokens when each is due. Due times count from the start, so that a late timer delays
 * one token and not all that follow. Ends early, without an error, when the signal aborts.
 */
export async function* paced(
  tokens: Iterable<string>,
  pace: Pace,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const start = performance.now() + pace.firstTokenMs;
  let index = 0;
  for (const token of tokens) {
    const due = start + (index * 1000) / pace.tokensPerSecond;
    index += 1;
    await waitUntil(due, signal);
    if (signal.aborted) return;
    yield token;
  }
}

/** Returns when the signal aborts. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

async function waitUntil(due: number, signal: AbortSignal): Promise<void> {
  const delay = due - performance.now();
  if (delay < 1 || signal.aborted) return;
  try {
    await sleep(delay, undefined, { signal });
  } catch {
    // Aborted: the caller sees it by the signal.
  }
}
