import { v } from "convex/values";
import type { Id } from "../_generated/dataModel";
import type { QueryCtx } from "../_generated/server";
import { authenticatedMutation, authenticatedQuery } from "../lib/functions";
import { searchWords, snippetOf } from "./snippets";
import { reveal } from "./tree";
import { refuseWhileRunning } from "./turn";

const FOUND_SESSIONS = 8;
const FOUND_MESSAGES = 20;
/** How much of a query is read. */
const QUERY_MAX_CHARACTERS = 200;

const snippet = v.object({
  text: v.string(),
  marks: v.array(v.object({ start: v.number(), end: v.number() })),
});

const sessionHit = v.object({
  _id: v.id("chatSessions"),
  displayId: v.string(),
  title: snippet,
  isArchived: v.boolean(),
});

const messageHit = v.object({
  _id: v.id("chatMessages"),
  displayId: v.string(),
  /** The title of the session that it is in. */
  title: v.string(),
  role: v.union(v.literal("user"), v.literal("assistant")),
  timestamp: v.number(),
  snippet,
});

/**
 * What the person's own sessions and messages have of a query, the best first: every version of a
 * message, also in the archive. The last word may be the beginning of one, so that this can be asked
 * as one types. A query without a letter or a digit finds nothing.
 */
export const search = authenticatedQuery({
  args: { query: v.string() },
  returns: v.object({ sessions: v.array(sessionHit), messages: v.array(messageHit) }),
  handler: async (ctx, { query }) => {
    const words = searchWords(query.slice(0, QUERY_MAX_CHARACTERS));
    if (words.length === 0) return { sessions: [], messages: [] };
    return {
      sessions: await sessionsWith(ctx, ctx.userId, words),
      messages: await messagesWith(ctx, ctx.userId, words),
    };
  },
});

async function sessionsWith(ctx: QueryCtx, userId: Id<"users">, words: string[]) {
  const sessions = await ctx.db
    .query("chatSessions")
    .withSearchIndex("by_title", (q) =>
      q.search("title", words.join(" ")).eq("userId", userId).eq("deletedAt", null),
    )
    .take(FOUND_SESSIONS);
  return sessions.map(({ _id, displayId, title, isArchived }) => ({
    _id,
    displayId,
    title: snippetOf(title, words),
    isArchived,
  }));
}

async function messagesWith(ctx: QueryCtx, userId: Id<"users">, words: string[]) {
  const messages = await ctx.db
    .query("chatMessages")
    .withSearchIndex("by_content", (q) => q.search("content", words.join(" ")).eq("userId", userId))
    .take(FOUND_MESSAGES);
  const hits = [];
  for (const { _id, sessionId, role, timestamp, content } of messages) {
    const session = await ctx.db.get("chatSessions", sessionId);
    if (session === null || session.deletedAt !== null) continue;
    const { displayId, title } = session;
    hits.push({ _id, displayId, title, role, timestamp, snippet: snippetOf(content, words) });
  }
  return hits;
}

/**
 * Makes its chat show a message that was found: the version that it is, if another one is shown.
 *
 * @returns whether there is such a message of the person
 * @throws ANSWER_RUNNING, TOO_LONG_TO_SWITCH when another version would have to be shown
 */
export const revealMessage = authenticatedMutation({
  args: { messageId: v.string() },
  returns: v.boolean(),
  handler: async (ctx, { messageId }) => {
    const id = ctx.db.normalizeId("chatMessages", messageId);
    const message = id && (await ctx.db.get("chatMessages", id));
    if (!message || message.userId !== ctx.userId) return false;
    if (message.isShown) return true;
    await refuseWhileRunning(ctx, message.sessionId);
    await reveal(ctx, message);
    return true;
  },
});
