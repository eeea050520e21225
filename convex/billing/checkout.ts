"use node";
// oxlint-disable @convex-dev/import-wrong-runtime -- under oxlint the rule does not see that this file says "use node" itself.
import { v } from "convex/values";
import { internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import type { ActionCtx } from "../_generated/server";
import { appError } from "../lib/errors";
import { authenticatedAction } from "../lib/functions";
import { limitRate } from "../lib/rateLimits";
import {
  AutumnRefusal,
  AutumnUnreachable,
  ensureCustomer,
  openCheckout,
  openPortal,
} from "./autumn";
import { alreadyPro } from "./orders";
import type { PlanId } from "./plans";
import { reconcile } from "./reconcile";
import { autumnSettings, siteUrl } from "./settings";
import { planId } from "./tables";

const ATTEMPTS = 3;
const PAYMENT_SETTLES_MS = 1500;

/**
 * Opens a checkout for a plan of our table. The client names the plan; the customer, the price and
 * the way back are the server's.
 *
 * @returns where to go; `url` is `null` when it is paid already, and the order's page tells
 * @throws BILLING_UNAVAILABLE, PAYMENT_PROCESSING, ALREADY_PRO, DELETION_ARRANGED, TOO_MANY_REQUESTS.
 * Nothing is charged.
 */
export const start = authenticatedAction({
  args: { planId },
  returns: v.object({ url: v.union(v.string(), v.null()), orderId: v.id("checkoutOrders") }),
  handler: async (
    ctx,
    { planId },
  ): Promise<{ url: string | null; orderId: Id<"checkoutOrders"> }> => {
    autumnSettings();
    await limitRate(ctx, "checkout", ctx.userId);
    for (let attempt = 1; ; attempt++) {
      const order = await ctx.runMutation(internal.billing.orders.open, {
        userId: ctx.userId,
        planId,
      });
      try {
        const url = await openFor(ctx.userId, planId, order);
        await ctx.runMutation(internal.billing.orders.opened, { orderId: order.orderId });
        if (url === null) await reconcile(ctx, ctx.userId);
        return { url, orderId: order.orderId };
      } catch (error) {
        await ctx.runMutation(internal.billing.orders.failed, { orderId: order.orderId });
        await refuseOrGoOn(ctx, ctx.userId, error, attempt);
      }
    }
  },
});

/**
 * Asks Autumn now, for the person who has come back from a checkout. It answers when what is known
 * is written; the order's query tells what became of it.
 *
 * @returns whether Autumn could be asked
 * @throws TOO_MANY_REQUESTS; BILLING_UNAVAILABLE where nothing is set up to sell
 */
export const settle = authenticatedAction({
  args: {},
  returns: v.boolean(),
  handler: async (ctx): Promise<boolean> => {
    await limitRate(ctx, "settle", ctx.userId);
    return await reconcile(ctx, ctx.userId);
  },
});

/**
 * Opens Autumn's billing portal, where Pro is managed and cancelled.
 *
 * @throws BILLING_UNAVAILABLE, TOO_MANY_REQUESTS
 */
export const portal = authenticatedAction({
  args: {},
  returns: v.object({ url: v.string() }),
  handler: async (ctx) => {
    await limitRate(ctx, "checkout", ctx.userId);
    try {
      await ensureCustomer(ctx.userId, null);
      return { url: webAddress(await openPortal(ctx.userId, `${siteUrl()}/billing/return`)) };
    } catch (error) {
      throw isAutumns(error) ? unreachable() : error;
    }
  },
});

async function openFor(
  userId: Id<"users">,
  planId: PlanId,
  { orderId, email }: { orderId: Id<"checkoutOrders">; email: string | null },
): Promise<string | null> {
  await ensureCustomer(userId, email);
  const successUrl = `${siteUrl()}/billing/return?order=${orderId}`;
  const url = await openCheckout({
    id: orderId,
    customerId: userId,
    planId,
    successUrl,
    cancelUrl: `${successUrl}&outcome=cancelled`,
  });
  return url === null ? null : webAddress(url);
}

/** Decides whether another attempt, with an order of its own, may end better. */
async function refuseOrGoOn(
  ctx: ActionCtx,
  userId: Id<"users">,
  error: unknown,
  attempt: number,
): Promise<void> {
  if (error instanceof AutumnRefusal) {
    if (error.code === "plan_already_attached") {
      // Paid in another window, and not written down here yet.
      await reconcile(ctx, userId);
      throw alreadyPro();
    }
    if (error.status === 423 || error.code === "lock_already_exists") {
      await reconcile(ctx, userId);
      if (attempt === ATTEMPTS) throw processing();
      await new Promise((resolve) => setTimeout(resolve, PAYMENT_SETTLES_MS));
      return;
    }
    // The first request with this key arrived after all, and its answer was lost.
    if (error.code === "duplicate_idempotency_key" && attempt < ATTEMPTS) return;
    console.error(error.message);
    throw unreachable();
  }
  throw error instanceof AutumnUnreachable ? unreachable() : error;
}

function isAutumns(error: unknown): boolean {
  return error instanceof AutumnRefusal || error instanceof AutumnUnreachable;
}

/** Only an address of the web is followed. */
function webAddress(address: string): string {
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return address;
  throw new AutumnUnreachable("the answer's address is none of the web");
}

function unreachable() {
  return appError(
    "BILLING_UNAVAILABLE",
    "The payment service cannot be reached right now. Nothing was charged. Try again in a minute; chatting goes on with the credits you have.",
  );
}

function processing() {
  return appError(
    "PAYMENT_PROCESSING",
    "A payment of yours is being processed. Its credits appear by themselves; to buy more, try again in a few seconds.",
  );
}
