import { v } from "convex/values";
import type { Doc } from "../_generated/dataModel";
import { query, type QueryCtx } from "../_generated/server";
import { hasExpired } from "./lifetimes";

/**
 * What a link leads to, for anybody who has it: `null` when it was never made, has expired, was
 * revoked, or its chat was deleted, which all look the same.
 */
export const sharedChat = query({
  args: { token: v.string() },
  returns: v.union(
    v.null(),
    v.object({
      title: v.string(),
      /** When it was shared, in Unix milliseconds. */
      createdAt: v.number(),
      /** Until when it can be read, in Unix milliseconds; `null` when that is not settled. */
      expiresAt: v.union(v.number(), v.null()),
      pages: v.number(),
      isComplete: v.boolean(),
    }),
  ),
  handler: async (ctx, { token }) => {
    const share = await openShare(ctx, token);
    if (share === null) return null;
    const { title, createdAt, pages, isComplete } = share;
    return { title, createdAt, expiresAt: share.expiresAt ?? null, pages, isComplete };
  },
});

/** The messages on one page of a link, oldest first; `null` where `sharedChat` says `null`. */
export const sharedMessages = query({
  args: { token: v.string(), page: v.number() },
  returns: v.union(
    v.null(),
    v.array(
      v.object({
        _id: v.id("chatMessages"),
        role: v.union(v.literal("user"), v.literal("assistant")),
        content: v.string(),
        /** An answer can have been stopped, or have broken off. */
        isWhole: v.boolean(),
        timestamp: v.number(),
        /** The names of attached texts, which themselves are not shared. */
        attachments: v.array(v.string()),
      }),
    ),
  ),
  handler: async (ctx, { token, page }) => {
    const share = await openShare(ctx, token);
    if (share === null) return null;
    const listed = await ctx.db
      .query("chatSharePages")
      .withIndex("by_shareId_and_page", (q) => q.eq("shareId", share._id).eq("page", page))
      .unique();
    const messages = [];
    for (const messageId of listed?.messageIds ?? []) {
      const message = await ctx.db.get("chatMessages", messageId);
      if (message === null) continue;
      const { _id, role, content, status, timestamp } = message;
      const attachments = (message.attachments ?? []).map(({ name }) => name);
      const isWhole = status === "complete";
      messages.push({ _id, role, content, isWhole, timestamp, attachments });
    }
    return messages;
  },
});

/** A link is closed from its end on, also while what is to remove it has not run yet. */
async function openShare(ctx: QueryCtx, token: string): Promise<Doc<"chatShares"> | null> {
  const share = await ctx.db
    .query("chatShares")
    .withIndex("by_token", (q) => q.eq("token", token))
    .unique();
  if (share === null || hasExpired(share)) return null;
  const session = await ctx.db.get("chatSessions", share.sessionId);
  return session?.deletedAt === null ? share : null;
}
