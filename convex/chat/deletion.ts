import { v } from "convex/values";
import { internal } from "../_generated/api";
import type { Doc } from "../_generated/dataModel";
import { internalMutation, type MutationCtx } from "../_generated/server";
import { deleteSharesOf } from "../sharing/links";
import { deleteAttachments } from "./attachments";
import { deleteRequests } from "./context";
import { finish, isRunning } from "./finish";
import { deleteQueue } from "./queueRows";
import { isNearlySpent } from "./room";
import { writtenText } from "./streamText";

/** Messages that one step looks at; it removes as many of them as fit into a transaction. */
const STEP_MESSAGES = 10;

/**
 * Removes a deleted session for good: what was shared of it, its messages and what belongs to them,
 * a few in each step, and last the session itself. Each step arranges the next in its own
 * transaction, so that a crash in between only delays the rest.
 *
 * @param deletedAt names the deletion: one that was undone meanwhile, or came again later, is not
 * this one's to carry out.
 */
export const purge = internalMutation({
  args: { sessionId: v.id("chatSessions"), deletedAt: v.number() },
  returns: v.null(),
  handler: async (ctx, { sessionId, deletedAt }) => {
    const session = await ctx.db.get("chatSessions", sessionId);
    if (session?.deletedAt !== deletedAt) return null;
    const messages = await ctx.db
      .query("chatMessages")
      .withIndex("by_sessionId_and_isShown", (q) => q.eq("sessionId", sessionId))
      .take(STEP_MESSAGES);
    const sharesLeft = await deleteSharesOf(ctx, sessionId);
    for (const message of messages) {
      if (await isNearlySpent(ctx)) break;
      await deleteMessage(ctx, message);
    }
    if (messages.length === 0 && !sharesLeft) {
      // In a step without messages: what waits may be as long as all of those.
      await deleteQueue(ctx, sessionId);
      await ctx.db.delete("chatSessions", sessionId);
    } else {
      await ctx.scheduler.runAfter(0, internal.chat.deletion.purge, { sessionId, deletedAt });
    }
    return null;
  },
});

/** Removes a message and what it brought along. An answer that is still being written ends first, as a stopped one does. */
export async function deleteMessage(ctx: MutationCtx, message: Doc<"chatMessages">): Promise<void> {
  if (isRunning(message)) {
    const content = await writtenText(ctx, message._id);
    await finish(ctx, message, { kind: "stopped", content });
  }
  await deleteAttachments(ctx, message);
  await deleteRequests(ctx, message._id);
  await ctx.db.delete("chatMessages", message._id);
}
