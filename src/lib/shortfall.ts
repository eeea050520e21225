import { ConvexError } from "convex/values";
import { useSyncExternalStore } from "react";

/** Something was refused because it costs more than the person has. Amounts are credits. */
export interface Shortfall {
  readonly cost: number;
  readonly balance: number;
  /** Unix milliseconds. */
  readonly nextResetAt: number;
}

let current: Shortfall | null = null;
const listeners = new Set<() => void>();

/** Takes note of a refusal for want of credits, whichever feature it came to; ignores other errors. */
export function noteShortfall(error: unknown) {
  const shortfall = shortfallOf(error);
  if (shortfall !== null) set(shortfall);
}

/** The person has read it. */
export function dismissShortfall() {
  set(null);
}

/** The last refusal for want of credits, until it is dismissed. */
export function useShortfall(): Shortfall | null {
  return useSyncExternalStore(subscribe, () => current);
}

function shortfallOf(error: unknown): Shortfall | null {
  if (!(error instanceof ConvexError)) return null;
  const data = error.data as Partial<Shortfall & { code: string }> | null;
  if (typeof data !== "object" || data?.code !== "INSUFFICIENT_CREDITS") return null;
  const { cost = 0, balance = 0, nextResetAt = 0 } = data;
  return { cost, balance, nextResetAt };
}

function set(shortfall: Shortfall | null) {
  current = shortfall;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
