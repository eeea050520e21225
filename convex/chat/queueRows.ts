import { internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";

/** The message that waits longest in a session. */
export async function firstInQueue(
  ctx: QueryCtx,
  sessionId: Id<"chatSessions">,
): Promise<Doc<"chatQueue"> | null> {
  return await ctx.db
    .query("chatQueue")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .first();
}

/** Has the next message sent, if one waits. In its own transaction: a refusal must not undo the caller's. */
export async function sendNextSoon(ctx: MutationCtx, sessionId: Id<"chatSessions">): Promise<void> {
  const next = await firstInQueue(ctx, sessionId);
  if (next === null || next.isHeld) return;
  await ctx.scheduler.runAfter(0, internal.chat.queue.sendNext, { sessionId });
}

/** Removes what waits in a session that is removed. */
export async function deleteQueue(ctx: MutationCtx, sessionId: Id<"chatSessions">): Promise<void> {
  const waiting = ctx.db
    .query("chatQueue")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId));
  for await (const queued of waiting) await ctx.db.delete("chatQueue", queued._id);
}
