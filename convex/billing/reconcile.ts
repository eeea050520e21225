"use node";
// oxlint-disable @convex-dev/import-wrong-runtime -- under oxlint the rule does not see that this file says "use node" itself.
import { type Infer, v } from "convex/values";
import { internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { type ActionCtx, internalAction } from "../_generated/server";
import { AutumnRefusal, AutumnUnreachable, readInvoices, readPro } from "./autumn";
import type { paidInvoice } from "./snapshot";

/** So many invoices are written in one transaction; each of them stands for itself. */
const INVOICES_A_TRANSACTION = 50;

/**
 * Reads what Autumn says of a person and writes it down. Run by a webhook, by the return from a
 * checkout, and by crons; any of them may run twice, late, or at the same time as another.
 *
 * @returns whether Autumn could be asked. When not, nothing changes.
 */
export async function reconcile(ctx: ActionCtx, userId: Id<"users">): Promise<boolean> {
  // Before the question: an answer is at least as new as this.
  const asOf = Date.now();
  try {
    const [invoices, pro] = await Promise.all([readInvoices(userId), readPro(userId)]);
    const { write, writePro } = internal.billing.writes;
    for (const part of partsOf(invoices)) await ctx.runMutation(write, { userId, invoices: part });
    await ctx.runMutation(writePro, { userId, pro, asOf });
    return true;
  } catch (error) {
    if (!(error instanceof AutumnUnreachable) && !(error instanceof AutumnRefusal)) throw error;
    console.warn(`Billing of ${userId} is not known right now: ${error.message}`);
    return false;
  }
}

/** A planned reconcile; see `ring`. */
export const run = internalAction({
  args: { userId: v.id("users"), plannedAt: v.number() },
  returns: v.null(),
  handler: async (ctx, { userId, plannedAt }) => {
    await ctx.runMutation(internal.billing.writes.begins, { userId, plannedAt });
    await reconcile(ctx, userId);
    return null;
  },
});

function partsOf(invoices: readonly Infer<typeof paidInvoice>[]) {
  // Oldest first, so that the ledger has purchases in the order in which they were made.
  const ordered = invoices.toSorted((a, b) => a.createdAt - b.createdAt);
  const count = Math.ceil(ordered.length / INVOICES_A_TRANSACTION);
  return Array.from({ length: count }, (_, i) =>
    ordered.slice(i * INVOICES_A_TRANSACTION, (i + 1) * INVOICES_A_TRANSACTION),
  );
}
