import { defineTable } from "convex/server";
import { v } from "convex/values";
import { PRO } from "./plans";

export const planId = v.union(
  v.literal("topup_500"),
  v.literal("topup_1000"),
  v.literal("topup_5000"),
  v.literal(PRO.planId),
);

/**
 * `pending`: the way to the checkout is open, or its outcome is not known yet. `superseded`: a newer
 * checkout took its place. `expired`: nothing was paid in a day.
 */
export const orderStatus = v.union(
  v.literal("pending"),
  v.literal("fulfilled"),
  v.literal("superseded"),
  v.literal("expired"),
);

/** Pro as Autumn last told of it. Times are Unix milliseconds. */
export const proState = v.object({
  /** When the paid period ends; `null` when Autumn does not say. */
  periodEnd: v.union(v.number(), v.null()),
  /** When it ends for good, once it is cancelled. */
  endsAt: v.union(v.number(), v.null()),
  /** The last payment failed. Pro goes on until Autumn ends it. */
  isPastDue: v.boolean(),
});

export const billingTables = {
  /**
   * Every way to a checkout. It tells the page that waits what became of it, and the cron whom to
   * ask for; it is never proof of a payment. Its id is the key that lets Autumn act on it once.
   */
  checkoutOrders: defineTable({
    userId: v.id("users"),
    planId,
    status: orderStatus,
    /** When Autumn is next asked about a pending one; Unix milliseconds. */
    checkAt: v.number(),
  })
    .index("by_userId_and_status", ["userId", "status"])
    .index("by_status_and_checkAt", ["status", "checkAt"]),

  /** Each plan on each paid invoice, once: what was bought, and what was granted for it. */
  purchases: defineTable({
    userId: v.id("users"),
    /** Stripe's id. */
    invoiceId: v.string(),
    planId,
    credits: v.number(),
    /** Whole currency units, as Autumn counts them: 5 is $5.00. Of the whole invoice. */
    total: v.number(),
    currency: v.string(),
    invoiceUrl: v.union(v.string(), v.null()),
    /** Unix milliseconds. */
    invoicedAt: v.number(),
    /** Credits of it that refunds asked back. */
    creditsRefunded: v.number(),
  })
    .index("by_invoiceId_and_planId", ["invoiceId", "planId"])
    .index("by_userId", ["userId"]),

  /** What Autumn last said of each person's Pro. */
  billingStates: defineTable({
    userId: v.id("users"),
    isPro: v.boolean(),
    pro: v.union(proState, v.null()),
    /** When the question was asked that this answers: an older answer changes nothing. */
    asOf: v.number(),
  })
    .index("by_userId", ["userId"])
    .index("by_isPro", ["isPro"]),

  /** The reconciles that are planned and have not begun, a row for each person who has any. */
  plannedReconciles: defineTable({
    userId: v.id("users"),
    /** Unix milliseconds. */
    times: v.array(v.number()),
  }).index("by_userId", ["userId"]),

  /** Messages that Autumn sent about our people, kept for a month to look things up. */
  webhookEvents: defineTable({
    svixId: v.string(),
    type: v.string(),
    customerId: v.string(),
  }).index("by_svixId", ["svixId"]),
};
