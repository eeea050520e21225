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
  const watch = new Watch(signal, patience);
  try {
    const source = await watch.over(open(call.signal));
    if (source === ABORTED) return;
    const chunks = source[Symbol.asyncIterator]();
    for (;;) {
      const next = await watch.over(chunks.next());
      if (next === ABORTED || next.done === true) return;
      yield next.value;
    }
  } finally {
    watch.end();
    call.abort();
  }
}

const ABORTED = Symbol("aborted");
/** A patience that has become shorter is noticed within this time. */
const LOOK_MS = 1000;

/** Watches one promise after the other, with one timer for all: an answer has thousands of chunks. */
class Watch {
  readonly #signal: AbortSignal;
  readonly #patience: () => number;
  readonly #onAbort = () => this.#settle?.(ABORTED);
  #settle: ((outcome: typeof ABORTED | ModelFailure) => void) | null = null;
  #waitsSince = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(signal: AbortSignal, patience: () => number) {
    this.#signal = signal;
    this.#patience = patience;
    signal.addEventListener("abort", this.#onAbort);
    this.#lookAfter(patience());
  }

  /** What the promise gives, unless an abort comes first. @throws STALLED when it takes too long */
  over<Value>(value: Promise<Value>): Promise<Value | typeof ABORTED> {
    this.#waitsSince = Date.now();
    return new Promise((resolve, reject) => {
      this.#settle = (outcome) => (outcome === ABORTED ? resolve(outcome) : reject(outcome));
      // Whoever loses the race may still reject, when the call is ended; nobody hears it then.
      value.then(resolve, reject);
      if (this.#signal.aborted) resolve(ABORTED);
    });
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener("abort", this.#onAbort);
  }

  #lookAfter(ms: number): void {
    this.#timer = setTimeout(() => this.#look(), Math.min(ms, LOOK_MS));
  }

  #look(): void {
    const patience = this.#patience();
    const left = this.#waitsSince + patience - Date.now();
    if (left > 0) return this.#lookAfter(left);
    this.#settle?.(new ModelFailure("STALLED", `nothing came for ${patience} ms`));
  }
}
