import { type Infer, v } from "convex/values";
import type { Doc } from "../_generated/dataModel";
import { DAY_MS } from "../lib/time";

/** How long a link works: 24 hours, 7 times or 30 times that. */
export const linkLifetime = v.union(v.literal("day"), v.literal("week"), v.literal("month"));

const LIFETIMES_MS: Record<Infer<typeof linkLifetime>, number> = {
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 30 * DAY_MS,
};

/**
 * When a link ends, in Unix milliseconds as `createdAt` is; `undefined` for one that works until
 * it is revoked.
 */
export function endOf(
  createdAt: number,
  lifetime?: Infer<typeof linkLifetime>,
): number | undefined {
  return lifetime === undefined ? undefined : createdAt + LIFETIMES_MS[lifetime];
}

/**
 * Whether the link's time has passed. A link without an end does not look at the clock, so that
 * what a query says of it can be kept.
 */
export function hasExpired({ expiresAt }: Doc<"chatShares">): boolean {
  return expiresAt !== undefined && expiresAt <= Date.now();
}
