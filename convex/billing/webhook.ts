import { v } from "convex/values";
import { Webhook } from "standardwebhooks";
import { internal } from "../_generated/api";
import { httpAction, internalMutation } from "../_generated/server";
import { MINUTE_MS, SECOND_MS } from "../lib/time";
import { ring } from "./ring";

/** What tells that money or a plan of a customer has changed. */
const TYPES = new Set(["billing.updated", "customer.products.updated", "invoice.finalized"]);

/** A payment may show in the invoices a moment after the message that tells of it. */
const ASK_AGAIN_AFTER_MS = [10 * SECOND_MS, MINUTE_MS];

const BODY_MAX_CHARACTERS = 1_000_000;

/**
 * `POST /webhooks/autumn`. A message is a bell and no more: it makes Autumn be asked, and nothing of
 * its content is believed. 400 for what is not signed by Autumn, 200 for what does not concern us,
 * and an error only when sending it again would help.
 */
export const receive = httpAction(async (ctx, request) => {
  const secret = process.env.AUTUMN_WEBHOOK_SECRET;
  if (!secret) return new Response("AUTUMN_WEBHOOK_SECRET is not set.", { status: 500 });
  const body = await request.text();
  if (body.length > BODY_MAX_CHARACTERS) return new Response("Too large.", { status: 413 });
  const svixId = request.headers.get("svix-id") ?? "";
  if (!isSigned(secret, body, svixId, request.headers)) {
    return new Response("Not signed by Autumn.", { status: 400 });
  }
  const event = eventOf(body);
  if (event !== null) {
    await ctx.runMutation(internal.billing.webhook.heard, { svixId, ...event });
  }
  return new Response(null, { status: 200 });
});

/** A signed message about a customer: a reconcile now, and two later ones for a slow invoice. */
export const heard = internalMutation({
  args: { svixId: v.string(), type: v.string(), customerId: v.string() },
  returns: v.null(),
  handler: async (ctx, { svixId, type, customerId }) => {
    const userId = ctx.db.normalizeId("users", customerId);
    if (userId === null || (await ctx.db.get("users", userId)) === null) return null;
    const known = await ctx.db
      .query("webhookEvents")
      .withIndex("by_svixId", (q) => q.eq("svixId", svixId))
      .first();
    if (known === null) await ctx.db.insert("webhookEvents", { svixId, type, customerId });
    // A repeated message rings too: the first one may have found nothing.
    const now = Date.now();
    await ring(ctx, userId, [now, ...ASK_AGAIN_AFTER_MS.map((wait) => now + wait)]);
    return null;
  },
});

function isSigned(secret: string, body: string, svixId: string, headers: Headers): boolean {
  try {
    new Webhook(secret).verify(body, {
      "webhook-id": svixId,
      "webhook-timestamp": headers.get("svix-timestamp") ?? "",
      "webhook-signature": headers.get("svix-signature") ?? "",
    });
    return true;
  } catch {
    return false;
  }
}

interface BillingEvent {
  readonly type: string;
  readonly customerId: string;
}

/** Whom it is about; `null` when that is nobody, or nothing that touches money. */
export function eventOf(body: string): BillingEvent | null {
  const event = parsed(body) as { type?: unknown; data?: EventData } | null;
  const type = event?.type;
  if (typeof type !== "string" || !TYPES.has(type)) return null;
  const customerId = event?.data?.customer_id ?? event?.data?.customer?.id;
  return typeof customerId === "string" ? { type, customerId } : null;
}

interface EventData {
  readonly customer_id?: unknown;
  readonly customer?: { readonly id?: unknown };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
