import { v } from "convex/values";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { internal } from "../_generated/api";
import { internalAction } from "../_generated/server";
import type { ModelRequest } from "../models/provider";
import { modelRequest } from "./context";

/** Tokens that a chat format spends around each message. */
const TOKENS_AROUND_MESSAGE = 4;
/** People may write what looks like a control token; it is counted as the text that it is. */
const AS_PLAIN_TEXT = { disallowedSpecial: new Set<string>() };

/**
 * Counts what was sent and received, for an answer that was stopped or cut before the provider
 * could say. Hidden reasoning cannot be counted from outside and is taken as none. An action of
 * its own, so that the tokenizer's tables are loaded only where they are needed.
 */
export const estimate = internalAction({
  args: { messageId: v.id("chatMessages"), request: modelRequest, reply: v.string() },
  returns: v.null(),
  handler: async (ctx, { messageId, request, reply }) => {
    const tokens = {
      prompt: promptTokens(request),
      completion: countTokens(reply, AS_PLAIN_TEXT),
      reasoning: 0,
      estimated: true,
    };
    await ctx.runMutation(internal.chat.streams.recordTokens, { messageId, tokens });
    return null;
  },
});

function promptTokens({ instructions, messages }: ModelRequest): number {
  const texts = [instructions, ...messages.map(({ content }) => content)];
  return texts.reduce(
    (sum, text) => sum + TOKENS_AROUND_MESSAGE + countTokens(text, AS_PLAIN_TEXT),
    0,
  );
}
