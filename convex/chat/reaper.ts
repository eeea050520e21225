import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalMutation } from "../_generated/server";
import { recordedRequest } from "./context";
import { answerOf, finish } from "./finish";
import { closeLease } from "./leases";
import { isNearlySpent } from "./room";
import { writtenText } from "./streamText";

/** How many answers one run ends at most; the next run follows soon. */
const BATCH = 20;

/**
 * Ends every answer whose lease ran out, with what was written: its writer died, or nobody ever
 * started it. So nothing looks as if it were being written for ever.
 */
export const reap = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const expired = await ctx.db
      .query("chatLeases")
      .withIndex("by_expiresAt", (q) => q.lt("expiresAt", Date.now()))
      .take(BATCH);
    for (const { messageId } of expired) {
      // Long ones are ended a few at a time: a run that fails for their length would do so for ever.
      if (await isNearlySpent(ctx)) break;
      const answer = await answerOf(ctx, messageId);
      if (answer === null) await closeLease(ctx, messageId);
      else {
        const content = await writtenText(ctx, messageId);
        const request = await recordedRequest(ctx, messageId);
        await finish(ctx, answer, { kind: "failed", content, code: "INTERRUPTED", tokens: null });
        // Its writer would have counted them.
        if (request !== null && content !== "") {
          const { instructions, messages } = request;
          await ctx.scheduler.runAfter(0, internal.chat.tokens.estimate, {
            messageId,
            request: { instructions, messages },
            reply: content,
          });
        }
      }
    }
    return null;
  },
});
