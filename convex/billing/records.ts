import type { Doc, Id } from "../_generated/dataModel";
import type { QueryCtx } from "../_generated/server";
import { isPlan, type PlanId } from "./plans";

/** What Autumn last said of the person's Pro; `null` before it was first asked. */
export async function stateOf(
  ctx: QueryCtx,
  userId: Id<"users">,
): Promise<Doc<"billingStates"> | null> {
  return await ctx.db
    .query("billingStates")
    .withIndex("by_userId", (q) => q.eq("userId", userId))
    .unique();
}

type Pro = NonNullable<Doc<"billingStates">["pro"]>;

/** Whether its known end has come by then. */
export function hasEnded({ endsAt }: Pro, at: number): boolean {
  return endsAt !== null && endsAt <= at;
}

/** The person's Pro as far as it is known; `null` once its end has passed. */
export async function proOf(ctx: QueryCtx, userId: Id<"users">): Promise<Pro | null> {
  const pro = (await stateOf(ctx, userId))?.pro ?? null;
  return pro === null || hasEnded(pro, Date.now()) ? null : pro;
}

/** Whether the person is on Pro and goes on paying for it: it was not cancelled. */
export async function isRenewing(ctx: QueryCtx, userId: Id<"users">): Promise<boolean> {
  const pro = await proOf(ctx, userId);
  return pro !== null && pro.endsAt === null;
}

/** What was granted for a plan on an invoice, by Stripe's id of the invoice. */
export async function purchaseOf(
  ctx: QueryCtx,
  invoiceId: string,
  planId: PlanId,
): Promise<Doc<"purchases"> | null> {
  return await ctx.db
    .query("purchases")
    .withIndex("by_invoiceId_and_planId", (q) => q.eq("invoiceId", invoiceId).eq("planId", planId))
    .unique();
}

/** The address of an invoice's page, when Autumn gave one. */
export async function invoiceUrlOf(
  ctx: QueryCtx,
  invoiceId: string,
  planId: string,
): Promise<string | null> {
  if (!isPlan(planId)) return null;
  return (await purchaseOf(ctx, invoiceId, planId))?.invoiceUrl ?? null;
}
