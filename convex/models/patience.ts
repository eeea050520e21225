import { ModelFailure } from "./provider";

/**
 * Follows a stream that may stall. `open` gets a signal that is aborted when `signal` is, when the
 * stream takes longer than `patience()` milliseconds to say anything more, and when the follower
 * leaves, so that no call is left open. An abort of `signal` ends the iteration at once, even when
 * the source does not listen to it.
 *
 * @throws ModelFailure STALLED, and whatever the source throws
 */
export async function* followPatiently<Chunk>(
  open: (signal: AbortSignal) => Promise<AsyncIterable<Chunk>>,
  signal: AbortSignal,
  patience: () => number,
): AsyncGenerator<Chunk> {
  const call = new AbortController();
  const aborted = new Promise<typeof ABORTED>((resolve) => {
    const leave = () => resolve(ABORTED);
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true, signal: call.signal });
  });
  try {
    const source = await soonest(open(call.signal), aborted, patience());
    if (source === ABORTED) return;
    const chunks = source[Symbol.asyncIterator]();
    for (;;) {
      const next = await soonest(chunks.next(), aborted, patience());
      if (next === ABORTED || next.done === true) return;
      yield next.value;
    }
  } finally {
    call.abort();
  }
}

const ABORTED = Symbol("aborted");

async function soonest<Value>(
  value: Promise<Value>,
  aborted: Promise<typeof ABORTED>,
  patienceMs: number,
): Promise<Value | typeof ABORTED> {
  // Whoever loses the race may still reject, when the call is ended.
  value.catch(() => undefined);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stalled = new Promise<never>((_, reject) => {
    const failure = new ModelFailure("STALLED", `nothing came for ${patienceMs} ms`);
    timer = setTimeout(() => reject(failure), patienceMs);
  });
  try {
    return await Promise.race([value, aborted, stalled]);
  } finally {
    clearTimeout(timer);
  }
}
