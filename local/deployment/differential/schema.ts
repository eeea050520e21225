import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  /** Documents of almost any shape. */
  samples: defineTable({
    group: v.optional(v.any()),
    rank: v.optional(v.any()),
    text: v.optional(v.string()),
    nested: v.optional(v.any()),
  })
    .index("by_group_rank", ["group", "rank"])
    .index("by_inner", ["nested.inner"])
    .searchIndex("by_text", { searchField: "text", filterFields: ["group"] }),
  /** Documents of one shape. */
  strict: defineTable({
    name: v.string(),
    count: v.int64(),
    kind: v.union(v.literal("one"), v.literal("two")),
    tags: v.array(v.string()),
    parent: v.optional(v.id("strict")),
  }).index("by_name", ["name"]),
});
