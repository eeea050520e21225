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

/**
 * Gives the result of `work`, or fails after `limitMs`, or as soon as nothing can go on any more;
 * what it does later goes nowhere.
 */
export async function withDeadline<T>(
  work: Promise<T>,
  limitMs: number,
  progress: { hasStalled(): boolean } | null = null,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    const fail = (reason: string) =>
      reject(new FunctionFailure(`Function execution timed out ${reason}`));
    const look = (leftMs: number) => {
      const nextMs = progress === null ? leftMs : Math.min(LOOK_MS, leftMs);
      timer = setTimeout(() => {
        if (leftMs <= nextMs) fail(`(maximum duration: ${limitMs / 1000}s)`);
        else if (progress?.hasStalled()) fail("(it waits for a promise that nothing will settle)");
        else look(leftMs - nextMs);
      }, nextMs);
    };
    look(limitMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
