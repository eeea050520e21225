import { defineTable } from "convex/server";
import { v } from "convex/values";

export const ledgerKind = v.union(
  v.literal("grant"),
  v.literal("charge"),
  v.literal("refund"),
  v.literal("purchase"),
  v.literal("reset"),
  v.literal("adjustment"),
);

/** Credits by where they came from; see `Balance`. */
export const balance = v.object({ monthly: v.number(), purchased: v.number() });

export const creditTables = {
  /**
   * What each person holds, one row each. It is the sum of the person's ledger, kept so that a
   * send reads one row.
   */
  userUsage: defineTable({
    userId: v.id("users"),
    /** All credits to spend: the two parts together. */
    creditsRemaining: v.number(),
    /** What a full balance is: held after the last reset, and bought since. */
    creditsTotal: v.number(),
    monthlyRemaining: v.number(),
    purchasedRemaining: v.number(),
    /** Unix milliseconds. */
    lastCreditReset: v.number(),
    /** All that was ever spent, less what was refunded. Absent in rows from before it was kept. */
    spent: v.optional(v.number()),
    /** On Pro: charges are recorded with amount 0. Absent in rows from before there was Pro. */
    unlimited: v.optional(v.boolean()),
    /** When Pro ends by itself, once it is cancelled; Unix milliseconds. Absent or `null`: not known. */
    unlimitedUntil: v.optional(v.union(v.null(), v.number())),
  }).index("by_userId", ["userId"]),

  /** Every change of a balance, only ever added to. */
  creditLedger: defineTable({
    userId: v.id("users"),
    /** Made from what the change is for; no two rows share one, so nothing happens twice. */
    key: v.string(),
    kind: ledgerKind,
    /** Credits added; negative when taken. Always `monthly + purchased`. */
    amount: v.number(),
    monthly: v.number(),
    purchased: v.number(),
    balanceAfter: v.number(),
    /** `spent` of the person after it: what was spent in a time is the difference of two rows. */
    spentAfter: v.optional(v.number()),
    /**
     * Credits of a refunded invoice that were spent when they were asked back. Negative: so many of
     * them were taken later, as what they had been spent on was given back. Absent: none.
     */
    owed: v.optional(v.number()),
    /** Unix milliseconds. */
    at: v.number(),
  })
    .index("by_key", ["key"])
    // Every send writes into each of them, so there is none by kind; see `history.list`.
    .index("by_userId_and_at", ["userId", "at"]),

  /** Balances that were found to differ from their ledger. Empty as long as all is well. */
  creditDrifts: defineTable({
    userId: v.id("users"),
    /** What the person's row says; `remaining` is all of it. */
    held: v.object({ ...balance.fields, remaining: v.number() }),
    booked: balance,
    /** Unix milliseconds. */
    foundAt: v.number(),
  }).index("by_userId", ["userId"]),
};
