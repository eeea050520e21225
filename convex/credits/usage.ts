import { v } from "convex/values";
import { internalMutation } from "../_generated/server";
import { authenticatedQuery } from "../lib/functions";
import { findUsage, isUnlimited } from "./books";
import { setUnlimited } from "./ledger";
import { atMonthStart, nextReset, resetIsDue } from "./rules";

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
    const held =
      usage === null || resetIsDue(usage.lastCreditReset, now)
        ? atMonthStart(usage?.purchasedRemaining ?? 0)
        : {
            creditsRemaining: usage.creditsRemaining,
            creditsTotal: usage.creditsTotal,
            monthlyRemaining: usage.monthlyRemaining,
            purchased: usage.purchasedRemaining,
          };
    return {
      ...held,
      nextResetAt: nextReset(now),
      unlimited: usage !== null && isUnlimited(usage, now),
    };
  },
});

/** Turns Pro off at the end that it had, unless it has another one by now. */
export const endUnlimited = internalMutation({
  args: { userId: v.id("users"), until: v.number() },
  returns: v.null(),
  handler: async (ctx, { userId, until }) => {
    const usage = await findUsage(ctx, userId);
    if (usage?.unlimitedUntil === until) await setUnlimited(ctx, userId, false);
    return null;
  },
});
