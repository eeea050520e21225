import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import { MINUTE_MS, SECOND_MS } from "../lib/time";

/** How long an answer may wait for somebody to start it. */
export const START_LEASE_MS = MINUTE_MS;
/** How long a writer may be silent before it counts as gone. */
export const WRITER_LEASE_MS = 20 * SECOND_MS;
/** A lease is written again only when this much of it is used up, not at each append. */
const RENEW_AFTER_MS = 5 * SECOND_MS;

/** Gives a new answer the time to be started. */
export async function openLease(ctx: MutationCtx, messageId: Id<"chatMessages">): Promise<void> {
  await ctx.db.insert("chatLeases", { messageId, expiresAt: Date.now() + START_LEASE_MS });
}

/** Hands the lease of an answer to its writer. */
export async function takeLease(
  ctx: MutationCtx,
  messageId: Id<"chatMessages">,
): Promise<Id<"chatLeases">> {
  const expiresAt = Date.now() + WRITER_LEASE_MS;
  const lease = await leaseOf(ctx, messageId);
  if (lease === null) return await ctx.db.insert("chatLeases", { messageId, expiresAt });
  await ctx.db.patch("chatLeases", lease._id, { expiresAt });
  return lease._id;
}

/** Says that the writer is alive. */
export async function renewLease(
  ctx: MutationCtx,
  { _id, expiresAt }: Doc<"chatLeases">,
): Promise<void> {
  const renewed = Date.now() + WRITER_LEASE_MS;
  if (Math.abs(renewed - expiresAt) < RENEW_AFTER_MS) return;
  await ctx.db.patch("chatLeases", _id, { expiresAt: renewed });
}

/** Nobody has to be at work on a finished answer. */
export async function closeLease(ctx: MutationCtx, messageId: Id<"chatMessages">): Promise<void> {
  const lease = await leaseOf(ctx, messageId);
  if (lease !== null) await ctx.db.delete("chatLeases", lease._id);
}

async function leaseOf(ctx: MutationCtx, messageId: Id<"chatMessages">) {
  return await ctx.db
    .query("chatLeases")
    .withIndex("by_messageId", (q) => q.eq("messageId", messageId))
    .unique();
}
