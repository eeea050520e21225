import { defineTable } from "convex/server";
import { v } from "convex/values";

export const sharingTables = {
  /**
   * A link under which anyone may read a chat as it was. Removing the row closes the page, the
   * query and the data at once: nothing of the messages is copied.
   */
  chatShares: defineTable({
    userId: v.id("users"),
    sessionId: v.id("chatSessions"),
    /** Made by the person's page from 128 random bits: who does not have it cannot guess it. */
    token: v.string(),
    /** The chat's title when it was shared. */
    title: v.string(),
    /** Unix milliseconds. */
    createdAt: v.number(),
    /** Unix milliseconds; absent for a link that works until it is revoked. */
    expiresAt: v.optional(v.number()),
    /** How many pages are listed. */
    pages: v.number(),
    /** Whether all messages are listed; a long chat takes several steps. */
    isComplete: v.boolean(),
  })
    .index("by_token", ["token"])
    .index("by_sessionId", ["sessionId"])
    .index("by_userId", ["userId"]),

  /** Which messages a link shows. Messages that have ended never change, so their ids suffice. */
  chatSharePages: defineTable({
    shareId: v.id("chatShares"),
    /** From 0. */
    page: v.number(),
    messageIds: v.array(v.id("chatMessages")),
  }).index("by_shareId_and_page", ["shareId", "page"]),
};
