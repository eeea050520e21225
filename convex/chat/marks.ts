import { type Infer, v } from "convex/values";
import { internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import { authenticatedMutation, authenticatedQuery } from "../lib/functions";
import { ownSession } from "./sessions";
import type { endStatus } from "./tables";

export type EndStatus = Infer<typeof endStatus>;

/**
 * An answer of the session has ended: unread until somebody looks at it, except for one that the
 * person stopped while looking. The first whole answer gives the session a title.
 */
export async function markEnded(
  ctx: MutationCtx,
  sessionId: Id<"chatSessions">,
  status: EndStatus,
): Promise<void> {
  const session = await ctx.db.get("chatSessions", sessionId);
  if (session === null) return;
  const mark = status === "stopped" ? "none" : "unread";
  const lastEnding = { at: Date.now(), status };
  await ctx.db.patch("chatSessions", sessionId, { mark, lastEnding });
  if (status === "complete" && session.titledBy === "text") {
    await ctx.scheduler.runAfter(0, internal.chat.titles.write, { sessionId });
  }
}

/** More than this many are not told of. */
export const UNREAD_MAX = 100;

/**
 * The person's sessions whose newest answer has ended and was not seen, the one last used first;
 * those in the archive are left in peace.
 */
export const unreadSessions = authenticatedQuery({
  args: {},
  returns: v.array(
    v.object({
      displayId: v.string(),
      title: v.string(),
      /** When the answer ended, in Unix milliseconds. */
      endedAt: v.number(),
      hasFailed: v.boolean(),
    }),
  ),
  handler: async (ctx) => {
    const sessions = await ctx.db
      .query("chatSessions")
      .withIndex("by_userId_and_mark", (q) =>
        q
          .eq("userId", ctx.userId)
          .eq("deletedAt", null)
          .eq("isArchived", false)
          .eq("mark", "unread"),
      )
      .order("desc")
      .take(UNREAD_MAX);
    return sessions.map(({ displayId, title, updatedAt, lastEnding }) => ({
      displayId,
      title,
      endedAt: lastEnding?.at ?? updatedAt,
      hasFailed: lastEnding?.status === "failed",
    }));
  },
});

/**
 * The person looks at the session: its newest answer is no longer unread, on every device. An
 * answer that is still being written stays marked as such.
 *
 * @throws NOT_FOUND
 */
export const markSeen = authenticatedMutation({
  args: { sessionId: v.id("chatSessions") },
  returns: v.null(),
  handler: async (ctx, { sessionId }) => {
    const session = await ownSession(ctx, ctx.userId, sessionId);
    if (session.mark === "unread") {
      await ctx.db.patch("chatSessions", sessionId, { mark: "none" });
    }
    return null;
  },
});
