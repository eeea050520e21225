import { type Infer, v } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import { purchase, setUnlimited, takeBack } from "../credits/ledger";
import type { InvoiceSubject } from "../credits/subjects";
import { SECOND_MS } from "../lib/time";
import { fulfilOrder, fulfilPendingOrder } from "./orders";
import { creditsOf, isPlan, type PlanId, PRO } from "./plans";
import { hasEnded, purchaseOf, stateOf } from "./records";
import { ring } from "./ring";
import { proState } from "./tables";

// What Autumn says of one person, and how it is written down. A paid invoice is the purchase: each
// plan on it is granted once, whoever reads it first and however often it is read.

/** A paid invoice, in whole currency units and Unix milliseconds. */
export const paidInvoice = v.object({
  /** Stripe's id: what makes it one invoice. */
  stripeId: v.string(),
  planIds: v.array(v.string()),
  total: v.number(),
  paid: v.number(),
  refunded: v.number(),
  currency: v.string(),
  createdAt: v.number(),
  url: v.union(v.string(), v.null()),
});
type PaidInvoice = Infer<typeof paidInvoice>;

export const proAnswer = v.union(proState, v.null());
type ProAnswer = Infer<typeof proAnswer>;

/** Asked a little after Pro ends, so that Autumn has ended it. */
const ASK_AFTER_END_MS = 5 * SECOND_MS;

/** Grants what is new on these invoices and takes back what was refunded, in one transaction. */
export async function applyInvoices(
  ctx: MutationCtx,
  userId: Id<"users">,
  invoices: readonly PaidInvoice[],
): Promise<void> {
  for (const invoice of invoices) {
    for (const planId of plansOn(invoice)) {
      const known = await purchaseOf(ctx, invoice.stripeId, planId);
      const bought = known ?? (await grant(ctx, userId, invoice, planId));
      if (bought.userId !== userId) {
        console.error(`Invoice ${invoice.stripeId} was granted to another customer before.`);
        continue;
      }
      await takeBackRefunded(ctx, bought, invoice);
    }
  }
}

/**
 * Writes down whether the person is on Pro, unless something newer is known. Pro whose end has
 * passed is over, also while Autumn has not ended it yet.
 */
export async function applyPro(
  ctx: MutationCtx,
  userId: Id<"users">,
  answer: ProAnswer,
  asOf: number,
): Promise<void> {
  const known = await stateOf(ctx, userId);
  if (known !== null && known.asOf > asOf) return;
  const pro = answer === null || hasEnded(answer, asOf) ? null : answer;
  const endsAt = pro?.endsAt ?? null;
  const state = { userId, isPro: pro !== null, pro, asOf };
  if (known === null) await ctx.db.insert("billingStates", state);
  else await ctx.db.replace("billingStates", known._id, state);
  if (known !== null || pro !== null) await setUnlimited(ctx, userId, pro !== null, endsAt);
  if (pro === null) return;
  // A free first period has no invoice that would do this.
  if (known?.isPro !== true) await fulfilPendingOrder(ctx, userId, PRO.planId);
  if (endsAt !== null) await ring(ctx, userId, [endsAt + ASK_AFTER_END_MS]);
}

/** What of this invoice would change if it were applied. */
export async function isUnsettled(ctx: QueryCtx, invoice: PaidInvoice): Promise<boolean> {
  for (const planId of plansOn(invoice)) {
    const known = await purchaseOf(ctx, invoice.stripeId, planId);
    if (known === null || creditsRefunded(known.credits, invoice) > known.creditsRefunded) {
      return true;
    }
  }
  return false;
}

/**
 * The credits that a refund asks back: all for a full refund, else the same share of the credits as
 * of the money, in whole credits rounded down.
 */
export function creditsRefunded(
  credits: number,
  { paid, refunded }: Pick<PaidInvoice, "paid" | "refunded">,
): number {
  if (refunded <= 0 || paid <= 0) return 0;
  return refunded >= paid ? credits : Math.floor((credits * refunded) / paid);
}

/** Our plans on the invoice, each once. Others are none of our business. */
function plansOn({ planIds }: PaidInvoice): PlanId[] {
  return [...new Set(planIds)].filter(isPlan);
}

async function grant(
  ctx: MutationCtx,
  userId: Id<"users">,
  invoice: PaidInvoice,
  planId: PlanId,
): Promise<Doc<"purchases">> {
  const { stripeId, total, currency, url, createdAt } = invoice;
  const credits = creditsOf(planId);
  const id = await ctx.db.insert("purchases", {
    userId,
    invoiceId: stripeId,
    planId,
    credits,
    total,
    currency,
    invoiceUrl: url,
    invoicedAt: createdAt,
    creditsRefunded: 0,
  });
  await purchase(ctx, userId, subjectOf(stripeId, planId), credits);
  await fulfilOrder(ctx, userId, planId);
  return (await ctx.db.get("purchases", id))!;
}

async function takeBackRefunded(
  ctx: MutationCtx,
  { _id, userId, planId, credits, creditsRefunded: before }: Doc<"purchases">,
  invoice: PaidInvoice,
): Promise<void> {
  const wanted = creditsRefunded(credits, invoice);
  if (wanted <= before) return;
  await takeBack(ctx, userId, subjectOf(invoice.stripeId, planId), wanted);
  await ctx.db.patch("purchases", _id, { creditsRefunded: wanted });
}

function subjectOf(stripeId: string, planId: PlanId): InvoiceSubject {
  return `invoice:${stripeId}:${planId}`;
}
