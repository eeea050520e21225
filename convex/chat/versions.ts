import { v } from "convex/values";
import { authenticatedMutation, owned } from "../lib/functions";
import { ownAnswer } from "./finish";
import { feedback } from "./tables";
import { reveal, versionsOf } from "./tree";
import { answerAgain, answerOn, refuseWhileRunning, resend, turnView } from "./turn";

/**
 * Asks again for an answer, whatever became of it. The new answer stands in its place and the old
 * one stays reachable as an earlier version, with what followed it; only an answer that ended
 * without a word is not kept. Each answer is paid for once: one without text was refunded, so the
 * person pays only for the new one; one with text keeps its charge, and the new one is a new paid
 * turn. A second call with the same `clientKey` changes nothing. The page then calls
 * `generateReply` with the new answer's id.
 *
 * @throws NOT_FOUND, ANSWER_RUNNING, TOO_MANY_VERSIONS, TOO_LONG_TO_SWITCH, TOO_MANY_REQUESTS,
 * INSUFFICIENT_CREDITS, INVALID_REQUEST. Nothing is written or charged then.
 */
export const regenerateMessage = authenticatedMutation({
  args: { messageId: v.id("chatMessages"), clientKey: v.string() },
  returns: turnView,
  handler: async (ctx, args) => await answerAgain(ctx, ctx.userId, args),
});

/**
 * Sends a message of the person again in other words. The new message stands in the place of the
 * old one, which stays reachable as an earlier version with all that followed it. A second call with
 * the same `clientKey` changes nothing. The page then calls `generateReply` with the answer's id.
 *
 * @throws NOT_FOUND, EMPTY_MESSAGE, MESSAGE_TOO_LONG, ANSWER_RUNNING, TOO_MANY_VERSIONS,
 * TOO_LONG_TO_SWITCH, TOO_MANY_REQUESTS, INSUFFICIENT_CREDITS, INVALID_REQUEST. Nothing is written
 * or charged then.
 */
export const editMessage = authenticatedMutation({
  args: { messageId: v.id("chatMessages"), content: v.string(), clientKey: v.string() },
  returns: turnView,
  handler: async (ctx, args) => await resend(ctx, ctx.userId, args),
});

/**
 * Has the model go on with the last answer after it was stopped or cut. What comes is an answer
 * below that answer, a new paid turn; the page shows both as one text.
 *
 * @throws NOT_FOUND, NOT_CONTINUABLE, TOO_MANY_REQUESTS, INSUFFICIENT_CREDITS, INVALID_REQUEST. Nothing
 * is written or charged then.
 */
export const continueMessage = authenticatedMutation({
  args: { messageId: v.id("chatMessages"), clientKey: v.string() },
  returns: turnView,
  handler: async (ctx, args) => await answerOn(ctx, ctx.userId, args),
});

/**
 * Shows another version of a message, with what followed it when it was last shown.
 *
 * @param version its number, from 1
 * @throws NOT_FOUND, ANSWER_RUNNING, TOO_LONG_TO_SWITCH
 */
export const showVersion = authenticatedMutation({
  args: { messageId: v.id("chatMessages"), version: v.number() },
  returns: v.null(),
  handler: async (ctx, { messageId, version }) => {
    const stored = await ctx.db.get("chatMessages", messageId);
    const message = owned(stored, ctx.userId, "There is no such message.");
    await refuseWhileRunning(ctx, message.sessionId);
    const versions = await versionsOf(ctx, message);
    const wanted = versions.find((candidate) => candidate.version === version) ?? null;
    await reveal(ctx, owned(wanted, ctx.userId, "There is no such version."));
    return null;
  },
});

/**
 * Keeps what the person thinks of an answer; `null` takes it back.
 *
 * @throws NOT_FOUND
 */
export const rateMessage = authenticatedMutation({
  args: { messageId: v.id("chatMessages"), feedback },
  returns: v.null(),
  handler: async (ctx, { messageId, feedback }) => {
    const answer = await ownAnswer(ctx, ctx.userId, messageId);
    if (answer.feedback !== feedback) {
      await ctx.db.patch("chatMessages", messageId, { feedback });
    }
    return null;
  },
});
