import { v } from "convex/values";
import { authenticatedQuery } from "../lib/functions";
import { findUsage, isUnlimited } from "./books";
import { MONTHLY_FREE_CREDITS, nextReset, resetIsDue } from "./rules";

/**
 * What the signed-in person holds, in credits. When a month has begun and nothing was done in it
 * yet, it shows what the first action will find; a query writes nothing.
 */
export const current = authenticatedQuery({
  args: {},
  returns: v.object({
    creditsRemaining: v.number(),
    creditsTotal: v.number(),
    monthlyRemaining: v.number(),
    purchased: v.number(),
    /** Unix milliseconds. */
    nextResetAt: v.number(),
    unlimited: v.boolean(),
  }),
  handler: async (ctx) => {
    const usage = await findUsage(ctx, ctx.userId);
    const now = Date.now();
    const due = usage === null || resetIsDue(usage.lastCreditReset, now);
    const purchased = usage?.purchasedRemaining ?? 0;
    const monthlyRemaining = due ? MONTHLY_FREE_CREDITS : usage.monthlyRemaining;
    return {
      creditsRemaining: monthlyRemaining + purchased,
      creditsTotal: due ? MONTHLY_FREE_CREDITS + purchased : usage.creditsTotal,
      monthlyRemaining,
      purchased,
      nextResetAt: nextReset(now),
      unlimited: usage !== null && isUnlimited(usage, now),
    };
  },
});
