import { defineTable } from "convex/server";
import { v } from "convex/values";
import { contextItem } from "../projects/tables";

/** `pending → streaming → complete | stopped | failed`, and no way back. */
export const messageStatus = v.union(
  v.literal("pending"),
  v.literal("streaming"),
  v.literal("complete"),
  v.literal("stopped"),
  v.literal("failed"),
);

/** What an answer is once it has ended. */
export const endStatus = v.union(v.literal("complete"), v.literal("stopped"), v.literal("failed"));

/** Token counts of one answer. `completion` includes `reasoning`, as the providers count. */
export const tokenCounts = v.object({
  prompt: v.number(),
  completion: v.number(),
  reasoning: v.number(),
  /** Counted by us, because the provider's own count never came. */
  estimated: v.boolean(),
});

/** Why an answer failed. */
export const failureCode = v.union(
  v.literal("RATE_LIMITED"),
  v.literal("PROVIDER_DOWN"),
  v.literal("CONTENT_FILTERED"),
  v.literal("CUT_OFF"),
  v.literal("STALLED"),
  v.literal("NOT_CONFIGURED"),
  v.literal("TOO_LONG"),
  v.literal("LENGTH_LIMIT"),
  v.literal("ONLY_REASONING"),
  v.literal("EMPTY_ANSWER"),
  v.literal("INTERRUPTED"),
  v.literal("UNEXPECTED"),
);

/** What the list of chats shows beside a title: an answer is being written, or was not seen yet. */
export const sessionMark = v.union(v.literal("none"), v.literal("running"), v.literal("unread"));
/** A text that belongs to a message without standing in it, as the message names it. */
export const attachmentView = v.object({
  id: v.id("chatAttachments"),
  name: v.string(),
  characters: v.number(),
});

/** A text that is to be attached. */
export const newAttachment = v.object({ name: v.string(), text: v.string() });

/** A thumb up or down, or none. */
export const feedback = v.union(v.null(), v.literal("up"), v.literal("down"));

export const chatTables = {
  chatSessions: defineTable({
    userId: v.id("users"),
    /** `CH-000001`, counted per person. It is the session's address. */
    displayId: v.string(),
    title: v.string(),
    /** Who wrote the title: cut from the first message, the model, or the person, who has the last word. */
    titledBy: v.union(v.literal("text"), v.literal("model"), v.literal("person")),
    /** Unix milliseconds. */
    createdAt: v.number(),
    /** When the person last acted in it, in Unix milliseconds. */
    updatedAt: v.number(),
    messageCount: v.number(),
    mark: sessionMark,
    /** How the answer that ended last did so, and when, in Unix milliseconds. Absent: none has. */
    lastEnding: v.optional(v.object({ at: v.number(), status: endStatus })),
    isPinned: v.boolean(),
    isArchived: v.boolean(),
    /** Set while the deletion can be undone and until all of it is gone, in Unix milliseconds. */
    deletedAt: v.union(v.null(), v.number()),
    /** Whether the model is told of the person's projects and tasks. Absent means no. */
    includesContext: v.optional(v.boolean()),
    /** The project that it belongs to, whose tasks and pages are then its context. */
    projectId: v.optional(v.id("projects")),
    /** Which model answers. Absent: the server's preset. */
    model: v.optional(v.string()),
  })
    // oxlint-disable-next-line @convex-dev/no-duplicate-indexes -- one reading is of a person, the other of an address
    .index("by_userId", ["userId"])
    .index("by_displayId", ["userId", "displayId"])
    .index("by_userId_and_shelf", ["userId", "deletedAt", "isArchived", "updatedAt"])
    .index("by_userId_and_projectId", [
      "userId",
      "projectId",
      "deletedAt",
      "isArchived",
      "updatedAt",
    ])
    .index("by_userId_and_mark", ["userId", "deletedAt", "isArchived", "mark", "updatedAt"])
    .index("by_userId_and_isPinned", ["userId", "deletedAt", "isPinned", "updatedAt"])
    .searchIndex("by_title", { searchField: "title", filterFields: ["userId", "deletedAt"] }),

  chatMessages: defineTable({
    sessionId: v.id("chatSessions"),
    userId: v.id("users"),
    role: v.union(v.literal("user"), v.literal("assistant")),
    /** Empty while the answer is being written: what grows is in `chatStreamPages`. */
    content: v.string(),
    status: messageStatus,
    tokens: v.union(v.null(), tokenCounts),
    /** Credits taken for it; 0 once they were given back. */
    creditsUsed: v.number(),
    /** Unix milliseconds. */
    timestamp: v.number(),
    error: v.union(v.null(), v.object({ code: failureCode, message: v.string() })),
    /** Made by the client for each send; question and answer of one send share it. */
    clientKey: v.string(),
    /** What it follows; `null` for the first. See `tree.ts` for this field and the next four. */
    parentId: v.union(v.null(), v.id("chatMessages")),
    /** Whether it is on the path that the chat shows. */
    isShown: v.boolean(),
    /** Whether it is the chosen one of its versions, shown or not. Exactly one of them is. */
    isChosen: v.boolean(),
    /** Its number among the versions, from 1, in the order of creation. */
    version: v.number(),
    /** How many versions there are, the same in each of them. */
    versionCount: v.number(),
    /** What the person thinks of the answer. */
    feedback,
    /** Absent where there are none. */
    attachments: v.optional(v.array(attachmentView)),
    /** Of an answer: the model that was asked for it. */
    model: v.optional(v.string()),
  })
    .index("by_sessionId_and_isShown", ["sessionId", "isShown"])
    .index("by_sessionId_and_parentId", ["sessionId", "parentId"])
    .searchIndex("by_content", { searchField: "content", filterFields: ["userId"] })
    // oxlint-disable-next-line @convex-dev/no-duplicate-indexes -- it orders by creation, the other by key
    .index("by_userId", ["userId"])
    .index("by_userId_and_clientKey", ["userId", "clientKey"]),

  /** An answer that is being written. It changes only when a page opens. */
  chatStreams: defineTable({
    messageId: v.id("chatMessages"),
    userId: v.id("users"),
    pages: v.number(),
  })
    .index("by_messageId", ["messageId"])
    .index("by_userId", ["userId"]),

  /**
   * The text of an answer that is being written, in pages of bounded size. A live query sends its
   * whole result at each change, so a page is all that is sent again while it fills.
   */
  chatStreamPages: defineTable({
    messageId: v.id("chatMessages"),
    userId: v.id("users"),
    /** From 0. */
    page: v.number(),
    text: v.string(),
    /** The last append in it: an append that comes twice is written once. */
    sequence: v.number(),
  }).index("by_messageId_and_page", ["messageId", "page"]),

  /**
   * Until when somebody is known to be at work on an unfinished answer. It stands apart from the
   * stream, so that renewing it wakes no viewer.
   */
  chatLeases: defineTable({
    messageId: v.id("chatMessages"),
    /** Unix milliseconds. */
    expiresAt: v.number(),
  })
    .index("by_messageId", ["messageId"])
    .index("by_expiresAt", ["expiresAt"]),

  /** Long texts that were sent with a message. They stand apart, so that no list carries them. */
  chatAttachments: defineTable({
    userId: v.id("users"),
    sessionId: v.id("chatSessions"),
    name: v.string(),
    text: v.string(),
  })
    .index("by_userId", ["userId"])
    .index("by_sessionId", ["sessionId"]),

  /** Messages that wait for the answer before them, in the order they were written. */
  chatQueue: defineTable({
    userId: v.id("users"),
    sessionId: v.id("chatSessions"),
    content: v.string(),
    attachments: v.array(newAttachment),
    /** The key under which it will be sent. */
    clientKey: v.string(),
    /** Not sent by itself, nor what stands behind it: it is being edited, or was refused. */
    isHeld: v.boolean(),
    /** Until when, in Unix milliseconds, while it is being edited. */
    heldUntil: v.optional(v.number()),
    /** Why it could not be sent, in a sentence. */
    refusal: v.union(v.null(), v.string()),
  })
    .index("by_sessionId", ["sessionId"])
    .index("by_userId_and_clientKey", ["userId", "clientKey"]),

  /**
   * What the model was sent for an answer. The messages are named, not copied: a message that was
   * sent never changes.
   */
  chatRequests: defineTable({
    userId: v.id("users"),
    sessionId: v.id("chatSessions"),
    messageId: v.id("chatMessages"),
    /** The model's name; `null` when none was set up. */
    model: v.union(v.null(), v.string()),
    /** Word for word, with the context in it. */
    instructions: v.string(),
    /** What of the person's work the instructions hold. */
    contextItems: v.array(contextItem),
    /** The messages that were sent, oldest first. */
    sent: v.array(v.id("chatMessages")),
  })
    .index("by_userId", ["userId"])
    .index("by_messageId", ["messageId"]),
};
