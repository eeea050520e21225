import { v } from "convex/values";
import { internalMutation } from "../_generated/server";
import { begin } from "./ring";
import { applyInvoices, applyPro, paidInvoice, proAnswer } from "./snapshot";

// The transactions of a reconcile. They stand apart from what calls Autumn, whose package is large.

/** A planned reconcile begins; see `ring`. */
export const begins = internalMutation({
  args: { userId: v.id("users"), plannedAt: v.number() },
  returns: v.null(),
  handler: async (ctx, { userId, plannedAt }) => {
    await begin(ctx, userId, plannedAt);
    return null;
  },
});

/** What is new on these invoices, unless the person is gone. */
export const write = internalMutation({
  args: { userId: v.id("users"), invoices: v.array(paidInvoice) },
  returns: v.null(),
  handler: async (ctx, { userId, invoices }) => {
    if ((await ctx.db.get("users", userId)) === null) return null;
    await applyInvoices(ctx, userId, invoices);
    return null;
  },
});

/** Whether the person is on Pro, as Autumn said when it was asked at `asOf` (Unix milliseconds). */
export const writePro = internalMutation({
  args: { userId: v.id("users"), pro: proAnswer, asOf: v.number() },
  returns: v.null(),
  handler: async (ctx, { userId, pro, asOf }) => {
    if ((await ctx.db.get("users", userId)) === null) return null;
    await applyPro(ctx, userId, pro, asOf);
    return null;
  },
});
