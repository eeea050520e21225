import { FunctionFailure } from "./failure.ts";

/**
 * How long a function may take, by the clock on the wall. Convex counts a second of the function's
 * own computing; one thread cannot tell that apart from waiting, and hashing a password takes a
 * while on a busy machine, so the limit is wider. It exists because a mutation that never ends would
 * keep all others waiting.
 */
export const TRANSACTION_LIMIT_MS = 10_000;
/** Convex's own limits. */
export const ACTION_LIMIT_MS = 30 * 60_000;
export const NODE_ACTION_LIMIT_MS = 10 * 60_000;

/** How often is looked whether a function goes on. */
const LOOK_MS = 500;

interface Watched {
  readonly until: number;
  readonly limitMs: number;
  readonly progress: { hasStalled(): boolean } | null;
  fail(error: FunctionFailure): void;
}

/** All that are under way; one timer looks after them, because one for each call is dear. */
const underWay = new Set<Watched>();
let looking: NodeJS.Timeout | null = null;

/**
 * Gives the result of `work`, or fails after `limitMs`, or as soon as nothing can go on any more;
 * what it does later goes nowhere.
 *
 * @param onBegin gets what fails it from outside.
 */
export function withDeadline<T>(
  work: Promise<T>,
  limitMs: number,
  progress: { hasStalled(): boolean } | null = null,
  onBegin?: (fail: (error: Error) => void) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const watched = { until: performance.now() + limitMs, limitMs, progress, fail: reject };
    underWay.add(watched);
    onBegin?.(reject);
    looking ??= setInterval(look, LOOK_MS).unref();
    work.then(
      (value) => {
        underWay.delete(watched);
        resolve(value);
      },
      (error: Error) => {
        underWay.delete(watched);
        reject(error);
      },
    );
  });
}

function look(): void {
  const now = performance.now();
  for (const watched of underWay) {
    const { until, limitMs, progress, fail } = watched;
    if (now >= until) fail(timedOut(limitMs));
    else if (progress?.hasStalled()) fail(neverSettles());
    else continue;
    underWay.delete(watched);
  }
  if (underWay.size > 0) return;
  clearInterval(looking!);
  looking = null;
}

function timedOut(limitMs: number): FunctionFailure {
  return new FunctionFailure(`Function execution timed out (maximum duration: ${limitMs / 1000}s)`);
}

function neverSettles(): FunctionFailure {
  return new FunctionFailure("Returned promise will never resolve");
}
