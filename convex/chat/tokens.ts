"use node";
// oxlint-disable @convex-dev/import-wrong-runtime -- under oxlint the rule does not see that this file says "use node" itself.
import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalAction } from "../_generated/server";
import type { ModelRequest } from "../models/provider";
import { modelRequest } from "./context";

/** Tokens that a chat format spends around each message. */
const TOKENS_AROUND_MESSAGE = 4;
/** People may write what looks like a control token; it is counted as the text that it is. */
const AS_PLAIN_TEXT = { disallowedSpecial: new Set<string>() };
/**
 * The tokenizer's time grows with the square of a run without a break, as scripts without blanks
 * are: a text is counted in pieces of so many characters. Each may count one token too many.
 */
const PIECES = /[^]{1,500}/gu;

/**
 * Counts what was sent and received, for an answer that was stopped or cut before the provider
 * could say. Hidden reasoning cannot be counted from outside and is taken as none. An action of
 * its own and in Node's runtime, because the tokenizer's tables are large: they are loaded at the
 * first count.
 */
export const estimate = internalAction({
  args: { messageId: v.id("chatMessages"), request: modelRequest, reply: v.string() },
  returns: v.null(),
  handler: async (ctx, { messageId, request, reply }) => {
    const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
    const count = (text: string) =>
      (text.match(PIECES) ?? []).reduce((sum, piece) => sum + countTokens(piece, AS_PLAIN_TEXT), 0);
    const tokens = {
      prompt: promptTokens(request, count),
      completion: count(reply),
      reasoning: 0,
      estimated: true,
    };
    await ctx.runMutation(internal.chat.streams.recordTokens, { messageId, tokens });
    return null;
  },
});

function promptTokens(
  { instructions, messages }: ModelRequest,
  count: (text: string) => number,
): number {
  const texts = [instructions, ...messages.map(({ content }) => content)];
  return texts.reduce((sum, text) => sum + TOKENS_AROUND_MESSAGE + count(text), 0);
}
