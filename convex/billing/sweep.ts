"use node";
// oxlint-disable @convex-dev/import-wrong-runtime -- under oxlint the rule does not see that this file says "use node" itself.
import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalAction } from "../_generated/server";
import { DAY_MS } from "../lib/time";
import { AutumnRefusal, AutumnUnreachable, type InvoicePage, readInvoicePage } from "./autumn";
import { maySell } from "./settings";

/**
 * The paid invoices of everybody in the last `days`, newest first: whoever has one that is not
 * granted, or that was refunded since, is reconciled.
 */
export const sweepInvoices = internalAction({
  args: { days: v.number() },
  returns: v.null(),
  handler: async (ctx, { days }) => {
    if (!maySell()) return null;
    const since = Date.now() - days * DAY_MS;
    try {
      for (let cursor: string | null = ""; cursor !== null;) {
        const page: InvoicePage = await readInvoicePage({ cursor });
        const recent = page.invoices.filter(({ invoice }) => invoice.createdAt >= since);
        if (recent.length === 0 && page.invoices.length > 0) return null;
        await ctx.runMutation(internal.billing.rounds.ringUnsettled, { invoices: recent });
        cursor = page.nextCursor;
      }
    } catch (error) {
      if (!(error instanceof AutumnUnreachable) && !(error instanceof AutumnRefusal)) throw error;
      console.warn(`The sweep of invoices is put off: ${error.message}`);
    }
    return null;
  },
});
