import { v } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import { internalMutation } from "../_generated/server";
import { deletionOf } from "../account/arrangedDeletion";
import { appError } from "../lib/errors";
import { authenticatedQuery } from "../lib/functions";
import { MINUTE_MS } from "../lib/time";
import { creditsOf, type PlanId, PRO } from "./plans";
import { proOf } from "./records";
import { orderStatus, planId } from "./tables";

/**
 * A new order of the person, for a checkout that is about to be opened.
 *
 * @throws ALREADY_PRO; DELETION_ARRANGED for Pro, which nobody could cancel once the account is gone
 */
export const open = internalMutation({
  args: { userId: v.id("users"), planId },
  returns: v.object({ orderId: v.id("checkoutOrders"), email: v.union(v.string(), v.null()) }),
  handler: async (ctx, { userId, planId }) => {
    if (planId === PRO.planId) {
      if ((await proOf(ctx, userId)) !== null) throw alreadyPro();
      if ((await deletionOf(ctx, userId)) !== null) throw deletionArranged();
    }
    const checkAt = Date.now() + MINUTE_MS;
    const orderId = await ctx.db.insert("checkoutOrders", {
      userId,
      planId,
      status: "pending",
      checkAt,
    });
    const user = await ctx.db.get("users", userId);
    return { orderId, email: user?.email ?? null };
  },
});

/** Its checkout is open now, and so every earlier one of the person is closed. */
export const opened = internalMutation({
  args: { orderId: v.id("checkoutOrders") },
  returns: v.null(),
  handler: async (ctx, { orderId }) => {
    const order = await ctx.db.get("checkoutOrders", orderId);
    if (order === null) return null;
    const pending = await pendingOf(ctx, order.userId);
    for (const { _id, _creationTime } of pending) {
      if (_creationTime < order._creationTime) {
        await ctx.db.patch("checkoutOrders", _id, { status: "superseded" });
      }
    }
    return null;
  },
});

/** Its checkout could not be opened, so there is nothing to wait for. */
export const failed = internalMutation({
  args: { orderId: v.id("checkoutOrders") },
  returns: v.null(),
  handler: async (ctx, { orderId }) => {
    const order = await ctx.db.get("checkoutOrders", orderId);
    if (order?.status === "pending") {
      await ctx.db.patch("checkoutOrders", orderId, { status: "superseded" });
    }
    return null;
  },
});

/** One of the person's orders, for the page that waits for it; `null` for any other id. */
export const byId = authenticatedQuery({
  args: { orderId: v.string() },
  returns: v.union(
    v.null(),
    v.object({ planId, status: orderStatus, credits: v.number(), createdAt: v.number() }),
  ),
  handler: async (ctx, { orderId }) => {
    const id = ctx.db.normalizeId("checkoutOrders", orderId);
    const order = id === null ? null : await ctx.db.get("checkoutOrders", id);
    if (order?.userId !== ctx.userId) return null;
    const { planId, status, _creationTime } = order;
    return { planId, status, credits: creditsOf(planId), createdAt: _creationTime };
  },
});

/**
 * A payment for the plan has arrived: the oldest order that waits for one is done. A payment on an
 * older checkout settles the newest of those that were replaced.
 */
export async function fulfilOrder(
  ctx: MutationCtx,
  userId: Id<"users">,
  planId: PlanId,
): Promise<void> {
  if (await fulfilPendingOrder(ctx, userId, planId)) return;
  await fulfil(ctx, await supersededOf(ctx, userId), planId);
}

/** The plan runs: the oldest order that waits for it is done. @returns whether there was any */
export async function fulfilPendingOrder(
  ctx: MutationCtx,
  userId: Id<"users">,
  planId: PlanId,
): Promise<boolean> {
  return await fulfil(ctx, await pendingOf(ctx, userId), planId);
}

async function fulfil(
  ctx: MutationCtx,
  orders: readonly Doc<"checkoutOrders">[],
  planId: PlanId,
): Promise<boolean> {
  const order = orders.find((other) => other.planId === planId);
  if (order === undefined) return false;
  await ctx.db.patch("checkoutOrders", order._id, { status: "fulfilled" });
  return true;
}

export function alreadyPro() {
  return appError("ALREADY_PRO", "You are on Pro already. Nothing was charged.");
}

function deletionArranged() {
  return appError(
    "DELETION_ARRANGED",
    "Your account is going to be deleted. Keep it first, then get Pro. Nothing was charged.",
  );
}

const RECENT_ORDERS = 50;

/** Oldest first. */
async function pendingOf(ctx: MutationCtx, userId: Id<"users">) {
  return await ctx.db
    .query("checkoutOrders")
    .withIndex("by_userId_and_status", (q) => q.eq("userId", userId).eq("status", "pending"))
    .take(RECENT_ORDERS);
}

/** Newest first. */
async function supersededOf(ctx: MutationCtx, userId: Id<"users">) {
  return await ctx.db
    .query("checkoutOrders")
    .withIndex("by_userId_and_status", (q) => q.eq("userId", userId).eq("status", "superseded"))
    .order("desc")
    .take(RECENT_ORDERS);
}
