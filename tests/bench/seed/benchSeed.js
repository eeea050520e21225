import { v } from "convex/values";
import { internalMutation } from "./_generated/server";

/**
 * Adds turns to a chat that has at least one, below its last message. Pushed beside the product's
 * own functions for a measure, and no part of the product.
 */
export const addTurns = internalMutation({
  args: {
    sessionId: v.id("chatSessions"),
    turns: v.array(v.object({ question: v.string(), answer: v.string() })),
  },
  returns: v.null(),
  handler: async (ctx, { sessionId, turns }) => {
    const newest = await ctx.db
      .query("chatMessages")
      .withIndex("by_sessionId_and_isShown", (q) =>
        q.eq("sessionId", sessionId).eq("isShown", true),
      )
      .order("desc")
      .take(2);
    const answer = newest.find(({ role }) => role === "assistant");
    const question = newest.find(({ role }) => role === "user");
    if (answer === undefined || question === undefined) throw new Error("The chat has no turn.");
    let parentId = answer._id;
    for (const turn of turns) {
      const clientKey = crypto.randomUUID();
      for (const [like, content] of [
        [question, turn.question],
        [answer, turn.answer],
      ]) {
        const { _id, _creationTime, ...fields } = like;
        parentId = await ctx.db.insert("chatMessages", { ...fields, content, clientKey, parentId });
      }
    }
    return null;
  },
});
