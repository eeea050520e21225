import { type Infer, v } from "convex/values";
import { internal } from "../_generated/api";
import { internalAction, internalMutation, internalQuery } from "../_generated/server";
import { isBlank, wholeCharacters } from "../lib/characters";
import { configuredModel } from "../models/configured";
import { ModelFailure } from "../models/provider";
import { SECOND_MS } from "../lib/time";
import { titleOf } from "./limits";
import { isNearlySpent } from "./room";

const INSTRUCTIONS =
  "Write a title for this conversation: two to six words in the language of the question that " +
  "say what it is about. Answer with the title alone, without quotes or a full stop.";

/** How much of the question and of the answer the model reads for a title. */
const EXCERPT_CHARACTERS = 1_500;
/** A model that writes more than this writes no title. */
const LONGEST_REPLY_CHARACTERS = 200;
const PATIENCE_MS = 30 * SECOND_MS;

const firstTurn = v.object({ question: v.string(), answer: v.string() });

/**
 * The first question of the session that has a whole answer, and that; `null` when there is none,
 * when it has a title, and when it is gone.
 */
export const untitledTurn = internalQuery({
  args: { sessionId: v.id("chatSessions") },
  returns: v.union(v.null(), firstTurn),
  handler: async (ctx, { sessionId }): Promise<Infer<typeof firstTurn> | null> => {
    const session = await ctx.db.get("chatSessions", sessionId);
    if (session?.titledBy !== "text" || session.deletedAt !== null) return null;
    const messages = ctx.db
      .query("chatMessages")
      .withIndex("by_sessionId_and_isShown", (q) =>
        q.eq("sessionId", sessionId).eq("isShown", true),
      );
    let question = "";
    for await (const { role, status, content } of messages) {
      if (await isNearlySpent(ctx)) return null;
      if (role === "user") question = wholeCharacters(content, EXCERPT_CHARACTERS);
      else if (status === "complete") {
        return { question, answer: wholeCharacters(content, EXCERPT_CHARACTERS) };
      }
    }
    return null;
  },
});

/**
 * Asks the model for the session's title, once and without a charge. When that fails, the title cut
 * from the first message stays, and the next answer gives another chance.
 */
export const write = internalAction({
  args: { sessionId: v.id("chatSessions") },
  returns: v.null(),
  handler: async (ctx, { sessionId }) => {
    const turn: Infer<typeof firstTurn> | null = await ctx.runQuery(
      internal.chat.titles.untitledTurn,
      { sessionId },
    );
    if (turn === null) return null;
    try {
      const title = cleanTitle(await ask(turn));
      if (title !== null) await ctx.runMutation(internal.chat.titles.keep, { sessionId, title });
    } catch (error) {
      // An unset model speaks up where an answer was wanted.
      if (error instanceof ModelFailure && error.code === "NOT_CONFIGURED") return null;
      const reason = error instanceof Error ? error.message : String(error);
      console.warn(`A chat got no title from the model: ${reason}`);
    }
    return null;
  },
});

/** Keeps the model's title, unless the person gave a name meanwhile. */
export const keep = internalMutation({
  args: { sessionId: v.id("chatSessions"), title: v.string() },
  returns: v.null(),
  handler: async (ctx, { sessionId, title }) => {
    const session = await ctx.db.get("chatSessions", sessionId);
    if (session?.titledBy === "text") {
      await ctx.db.patch("chatSessions", sessionId, { title, titledBy: "model" });
    }
    return null;
  },
});

/** @throws ModelFailure */
async function ask({ question, answer }: Infer<typeof firstTurn>): Promise<string> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  const content = `The question:\n\n${question}\n\nThe answer:\n\n${answer}`;
  const request = { instructions: INSTRUCTIONS, messages: [{ role: "user" as const, content }] };
  let reply = "";
  try {
    for await (const event of configuredModel().streamReply(request, stop.signal)) {
      if (event.kind === "text") reply += event.text;
      if (reply.length > LONGEST_REPLY_CHARACTERS) stop.abort();
    }
  } finally {
    clearTimeout(timer);
  }
  return stop.signal.aborted ? "" : reply;
}

const MARKS_BEFORE = /^[\s#*_`"'“”„«»]+/;
const MARKS_AFTER = /[\s*_`"'“”«».]+$/;

/** The model's reply as a title, without the marks that models put around one; `null` if none is left. */
export function cleanTitle(reply: string): string | null {
  const [firstLine = ""] = reply.trim().split("\n", 1);
  const line = firstLine
    .replace(MARKS_BEFORE, "")
    .replace(/^title\s*:/i, "")
    .replace(MARKS_BEFORE, "")
    .replace(MARKS_AFTER, "");
  return isBlank(line) ? null : titleOf(line);
}
