import { v } from "convex/values";
import { internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { type ActionCtx, internalAction } from "../_generated/server";
import { authenticatedAction } from "../lib/functions";
import { configuredModel } from "../models/configured";
import { ModelFailure, type ReplyEvent } from "../models/provider";
import type { FailureCode } from "./failures";
import type { Appended, Assignment } from "./streams";
import { type Chunk, StreamWriter } from "./writer";

/**
 * Writes the answer that a send opened: `sendChatMessage`, `editMessage`, `regenerateMessage`,
 * `continueMessage` or `sendQueued`. The page calls it at once and need not wait for it. A second
 * call, or one for somebody else's answer, does nothing.
 */
export const generateReply = authenticatedAction({
  args: { messageId: v.id("chatMessages") },
  returns: v.null(),
  handler: async (ctx, { messageId }) => {
    await generate(ctx, messageId, ctx.userId);
    return null;
  },
});

/** The same, for an answer that its page did not start in time. */
export const generateReplyUnattended = internalAction({
  args: { messageId: v.id("chatMessages") },
  returns: v.null(),
  handler: async (ctx, { messageId }) => {
    await generate(ctx, messageId, null);
    return null;
  },
});

async function generate(
  ctx: ActionCtx,
  messageId: Id<"chatMessages">,
  caller: Id<"users"> | null,
): Promise<void> {
  const start = internal.chat.streams.startStreamingMessage;
  const assigned: Assignment | null = await ctx.runMutation(start, { messageId, caller });
  if (assigned === null) return;

  const stop = new AbortController();
  const { lease } = assigned;
  let { page } = assigned;
  const append = async (chunk: Chunk | null, asksBeside: boolean): Promise<Appended | null> => {
    const args = { page, lease, chunk, asksBeside };
    const appended = await ctx.runMutation(internal.chat.streams.appendStreamChunk, args);
    page = appended?.page ?? page;
    return appended;
  };
  const writer = new StreamWriter(append, () => stop.abort());
  const reply = await follow(assigned, writer, stop.signal);
  await writer.close();

  const content = writer.text;
  const { tokens } = reply;
  const { finalizeStreamMessage, recordTokens } = internal.chat.streams;
  const hasEnded = await ctx.runMutation(finalizeStreamMessage, { messageId, content, ...reply });
  const wasRead = content !== "" || stop.signal.aborted;
  if (tokens !== null) {
    // It was stopped just as the model came to its end.
    if (!hasEnded) await ctx.runMutation(recordTokens, { messageId, tokens });
  } else if (wasRead) {
    const { request } = assigned;
    await ctx.runAction(internal.chat.tokens.estimate, { messageId, request, reply: content });
  }
}

interface Reply {
  tokens: { prompt: number; completion: number; reasoning: number; estimated: false } | null;
  failure: FailureCode | null;
}

/** Hands the model's text to the writer until the model, the person or a failure ends it. */
async function follow(
  { model, request }: Assignment,
  writer: StreamWriter,
  signal: AbortSignal,
): Promise<Reply> {
  // Holds for an answer that is ended from outside; whoever ended it has had the last word.
  const reply: Reply = { tokens: null, failure: "INTERRUPTED" };
  try {
    for await (const event of configuredModel(model).streamReply(request, signal)) {
      if (event.kind === "text") {
        if (writer.write(event.text)) continue;
        reply.failure = "LENGTH_LIMIT";
        break;
      }
      if (event.kind === "usage") reply.tokens = { ...event.usage, estimated: false };
      else reply.failure = failureOfEnd(event);
    }
  } catch (error) {
    reply.failure = codeOf(error);
  }
  return reply;
}

/** The code for the person; what else is known goes to the log alone. */
function codeOf(error: unknown): FailureCode {
  if (error instanceof ModelFailure) {
    console.warn(`An answer failed: ${error.code}: ${error.message}`);
    return error.code;
  }
  console.error("An answer failed.", error);
  return "UNEXPECTED";
}

function failureOfEnd({ reason }: Extract<ReplyEvent, { kind: "end" }>): FailureCode | null {
  if (reason === "length-limit") return "LENGTH_LIMIT";
  if (reason === "content-filter") return "CONTENT_FILTERED";
  return null;
}
