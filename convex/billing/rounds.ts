import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalMutation } from "../_generated/server";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../lib/time";
import { ring } from "./ring";
import { isUnsettled, paidInvoice } from "./snapshot";

// What asks Autumn when nobody else does: a webhook may be lost, and a page closed.

const ORDERS_A_RUN = 50;
const PEOPLE_A_RUN = 100;
const EVENTS_A_RUN = 500;
/** Autumn answers 25 questions a second; others are asked meanwhile. */
const SPACING_MS = SECOND_MS / 5;
const EVENTS_KEPT_MS = 30 * DAY_MS;

/** Pending orders: every minute at first, less and less often, and not after a day. */
export const checkOrders = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const now = Date.now();
    const due = await ctx.db
      .query("checkoutOrders")
      .withIndex("by_status_and_checkAt", (q) => q.eq("status", "pending").lte("checkAt", now))
      .take(ORDERS_A_RUN);
    for (const { _id, _creationTime, userId } of due) {
      const age = now - _creationTime;
      const next = Math.min(now + Math.max(MINUTE_MS, age / 4), _creationTime + DAY_MS);
      const checkAt = Math.ceil(next);
      const isOver = age >= DAY_MS;
      await ctx.db.patch("checkoutOrders", _id, isOver ? { status: "expired" } : { checkAt });
      await ring(ctx, userId, [now]);
    }
    return null;
  },
});

/** Reconciles those whose invoices say something that is not written down. */
export const ringUnsettled = internalMutation({
  args: { invoices: v.array(v.object({ customerId: v.string(), invoice: paidInvoice })) },
  returns: v.null(),
  handler: async (ctx, { invoices }) => {
    const now = Date.now();
    let delay = 0;
    for (const { customerId, invoice } of invoices) {
      const userId = ctx.db.normalizeId("users", customerId);
      if (userId === null || (await ctx.db.get("users", userId)) === null) continue;
      if (!(await isUnsettled(ctx, invoice))) continue;
      await ring(ctx, userId, [now + delay]);
      delay += SPACING_MS;
    }
    return null;
  },
});

/** Everybody on Pro, spread out in time: a renewal and an end may come without a message. */
export const checkPro = internalMutation({
  args: { cursor: v.union(v.string(), v.null()) },
  returns: v.null(),
  handler: async (ctx, { cursor }) => {
    const now = Date.now();
    const { page, isDone, continueCursor } = await ctx.db
      .query("billingStates")
      .withIndex("by_isPro", (q) => q.eq("isPro", true))
      .paginate({ cursor, numItems: PEOPLE_A_RUN });
    for (const [place, { userId }] of page.entries()) {
      await ring(ctx, userId, [now + place * SPACING_MS]);
    }
    if (isDone) return null;
    await ctx.scheduler.runAfter(PEOPLE_A_RUN * SPACING_MS, internal.billing.rounds.checkPro, {
      cursor: continueCursor,
    });
    return null;
  },
});

/** Removes what Autumn sent more than a month ago. */
export const forgetEvents = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const before = Date.now() - EVENTS_KEPT_MS;
    const old = await ctx.db
      .query("webhookEvents")
      .withIndex("by_creation_time", (q) => q.lt("_creationTime", before))
      .take(EVENTS_A_RUN);
    for (const { _id } of old) await ctx.db.delete("webhookEvents", _id);
    if (old.length === EVENTS_A_RUN) {
      await ctx.scheduler.runAfter(0, internal.billing.rounds.forgetEvents, {});
    }
    return null;
  },
});
