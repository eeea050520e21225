import { defineTable } from "convex/server";
import { v } from "convex/values";

export const displayIdKind = v.union(v.literal("CH"), v.literal("PR"), v.literal("TK"));

export const displayIdTables = {
  /**
   * The next number of each kind of display id, a row for each person: two people who create
   * something at the same time never wait for one another, and a number tells nothing of what
   * others have.
   */
  displayIdCounters: defineTable({
    userId: v.id("users"),
    kind: displayIdKind,
    next: v.number(),
  }).index("by_userId_and_kind", ["userId", "kind"]),
};
