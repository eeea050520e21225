import { defineTable } from "convex/server";
import { v } from "convex/values";

export const accountTables = {
  /** What a person has set, one row each; a person without one has the presets. */
  userSettings: defineTable({
    userId: v.id("users"),
    /** What the greeting calls the person; empty for nothing. */
    name: v.string(),
    /** Whether a new chat is told of the person's projects and tasks. */
    includesContext: v.boolean(),
    /** Which model answers in a new chat. Absent: the server's preset. */
    model: v.optional(v.string()),
  }).index("by_userId", ["userId"]),

  /** Accounts that are going to be deleted, and those that are being deleted. */
  accountDeletions: defineTable({
    userId: v.id("users"),
    /** When it begins, in Unix milliseconds. Until then it can be taken back. */
    beginsAt: v.number(),
    hasBegun: v.boolean(),
  })
    .index("by_userId", ["userId"])
    .index("by_beginsAt", ["beginsAt"]),
};
