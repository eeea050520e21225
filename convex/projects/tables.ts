import { defineTable } from "convex/server";
import { v } from "convex/values";

export const projectStatus = v.union(v.literal("active"), v.literal("paused"), v.literal("done"));
export const taskStatus = v.union(v.literal("todo"), v.literal("doing"), v.literal("done"));
export const taskPriority = v.union(v.literal("low"), v.literal("normal"), v.literal("high"));

export const projectLink = v.object({ label: v.string(), url: v.string() });

/** One thing that is in the context, as a person is told of it. */
export const contextItem = v.object({
  kind: v.union(v.literal("project"), v.literal("task"), v.literal("page")),
  /** `PR-000001`, `TK-000001`, or a page's address. */
  id: v.string(),
  title: v.string(),
  tokens: v.number(),
});
export const projectTables = {
  projects: defineTable({
    userId: v.id("users"),
    /** `PR-000001`, counted per person. It is the project's address. */
    displayId: v.string(),
    name: v.string(),
    description: v.string(),
    status: projectStatus,
    links: v.array(projectLink),
    /** How many tasks it has in each status, kept so that a list of projects reads no tasks. */
    counts: v.object({ todo: v.number(), doing: v.number(), done: v.number() }),
    archived: v.boolean(),
    /** Unix milliseconds; `null` for what is there. The deleted can be restored until it is purged. */
    deletedAt: v.union(v.null(), v.number()),
    /** Unix milliseconds. */
    createdAt: v.number(),
    /** When the person last changed it or one of its tasks, in Unix milliseconds. */
    updatedAt: v.number(),
  })
    // oxlint-disable-next-line @convex-dev/no-duplicate-indexes -- one reading is of a person, the others of an address and of a list
    .index("by_userId", ["userId"])
    .index("by_displayId", ["userId", "displayId"])
    .index("by_userId_and_shelf", ["userId", "deletedAt", "archived", "updatedAt"]),

  tasks: defineTable({
    userId: v.id("users"),
    projectId: v.id("projects"),
    /** `TK-000001`, counted per person. */
    displayId: v.string(),
    title: v.string(),
    notes: v.string(),
    status: taskStatus,
    priority: taskPriority,
    /** A day of the person's own calendar, `2026-11-27`, or `null`. */
    dueOn: v.union(v.null(), v.string()),
    /** Its place in the project: ascending, with gaps, so that a move writes one task. */
    position: v.number(),
    /** Whether it is waiting to be done: not done, not deleted, in a project neither archived nor deleted. */
    isActive: v.boolean(),
    /** Unix milliseconds; see `projects.deletedAt`. */
    deletedAt: v.union(v.null(), v.number()),
    /** Unix milliseconds. */
    createdAt: v.number(),
    updatedAt: v.number(),
  })
    // oxlint-disable-next-line @convex-dev/no-duplicate-indexes -- one reading is of a person, the other of the days ahead
    .index("by_userId", ["userId"])
    .index("by_projectId_and_position", ["projectId", "deletedAt", "position"])
    .index("by_userId_and_dueOn", ["userId", "isActive", "dueOn"]),

  /** Web pages that a person had read for a project, and those that are being read. */
  projectPages: defineTable({
    userId: v.id("users"),
    projectId: v.id("projects"),
    /** As the person gave it, then where it led. */
    url: v.string(),
    host: v.string(),
    title: v.string(),
    excerpt: v.string(),
    /** Of its text, in UTF-16 units. */
    characters: v.number(),
    /** `reading → ready | failed`, and no way back. */
    status: v.union(v.literal("reading"), v.literal("ready"), v.literal("failed")),
    /** What happened, and whether it was charged. */
    error: v.union(v.null(), v.object({ code: v.string(), message: v.string() })),
    /** Credits taken for it; 0 once they were given back. */
    creditsUsed: v.number(),
    /** Made by the client for each request to read. */
    clientKey: v.string(),
    /** Unix milliseconds. */
    requestedAt: v.number(),
  })
    // oxlint-disable-next-line @convex-dev/no-duplicate-indexes -- one reading is of a person, the others of a send and of a minute
    .index("by_userId", ["userId"])
    .index("by_userId_and_clientKey", ["userId", "clientKey"])
    .index("by_projectId", ["projectId"]),

  /** The text of a page, apart from it, so that a list of pages does not carry the texts. */
  projectPageTexts: defineTable({
    userId: v.id("users"),
    pageId: v.id("projectPages"),
    /** Markdown. */
    text: v.string(),
  })
    .index("by_userId", ["userId"])
    .index("by_pageId", ["pageId"]),

  /** Projects that a model is writing, or wrote and nobody has accepted or discarded yet. */
  projectDrafts: defineTable({
    userId: v.id("users"),
    goal: v.string(),
    sourcePageId: v.union(v.null(), v.id("projectPages")),
    /** `writing → ready | failed | discarded`, `ready → accepted | discarded`. */
    status: v.union(
      v.literal("writing"),
      v.literal("ready"),
      v.literal("failed"),
      v.literal("accepted"),
      v.literal("discarded"),
    ),
    /** What the model has written so far, as JSON that may not be whole yet. */
    text: v.string(),
    /** 1, or 2 while and after the model repairs what it wrote first. */
    attempt: v.number(),
    error: v.union(v.null(), v.object({ code: v.string(), message: v.string() })),
    /** Credits taken for it; 0 once they were given back. */
    creditsUsed: v.number(),
    /** The project that it became. */
    projectId: v.union(v.null(), v.id("projects")),
    /** Made by the client for each draft. */
    clientKey: v.string(),
    /** Unix milliseconds. */
    createdAt: v.number(),
  })
    // oxlint-disable-next-line @convex-dev/no-duplicate-indexes -- it orders by creation, the other by key
    .index("by_userId", ["userId"])
    .index("by_userId_and_clientKey", ["userId", "clientKey"]),
};
