import { type Infer, v } from "convex/values";
import { internalMutation } from "../_generated/server";
import { authenticatedQuery } from "../lib/functions";
import { modelRequest, openRequest } from "./context";
import { answerOf, finish } from "./finish";
import { renewLease, takeLease } from "./leases";
import { appendText, openStream, pageOf, streamOf, streamsBeside } from "./streamText";
import { failureCode, tokenCounts } from "./tables";

/**
 * How many pages the growing answer has; 0 before it starts and after it ends, and for an answer
 * of somebody else. Changes only when a page opens.
 */
export const streamState = authenticatedQuery({
  args: { messageId: v.id("chatMessages") },
  returns: v.object({ pages: v.number() }),
  handler: async (ctx, { messageId }) => {
    const stream = await streamOf(ctx, messageId);
    return { pages: stream?.userId === ctx.userId ? stream.pages : 0 };
  },
});

/**
 * The text of one page of a growing answer, or `null` while there is no such page. Following an
 * answer means watching each of its pages, and the next one, so that it is there as it opens.
 */
export const streamPage = authenticatedQuery({
  args: { messageId: v.id("chatMessages"), page: v.number() },
  returns: v.union(v.null(), v.string()),
  handler: async (ctx, { messageId, page }) => {
    const found = await pageOf(ctx, messageId, page);
    return found?.userId === ctx.userId ? found.text : null;
  },
});

/** What a writer is to ask, of which model (`null` while none is set up), and where it writes. */
const assignment = v.object({
  model: v.union(v.null(), v.string()),
  request: modelRequest,
  page: v.id("chatStreamPages"),
  lease: v.id("chatLeases"),
});
export type Assignment = Infer<typeof assignment>;

/**
 * Claims a pending answer for one writer. Whoever comes first gets what to ask the model; everyone
 * after, and everyone who asks for an answer that is not `caller`'s, gets `null`.
 */
export const startStreamingMessage = internalMutation({
  args: { messageId: v.id("chatMessages"), caller: v.union(v.null(), v.id("users")) },
  returns: v.union(v.null(), assignment),
  handler: async (ctx, { messageId, caller }): Promise<Assignment | null> => {
    const answer = await answerOf(ctx, messageId);
    if (answer === null || answer.status !== "pending") return null;
    if (caller !== null && answer.userId !== caller) return null;
    const { model, request } = await openRequest(ctx, answer);
    await ctx.db.patch("chatMessages", messageId, {
      status: "streaming",
      ...(model === null ? {} : { model }),
    });
    const page = await openStream(ctx, answer);
    const lease = await takeLease(ctx, messageId);
    return { model, request, page, lease };
  },
});

const appended = v.object({
  /** Where the next append goes. */
  page: v.id("chatStreamPages"),
  /** How many more answers are being written for the same person; `null` unless that was asked. */
  beside: v.union(v.null(), v.number()),
});
export type Appended = Infer<typeof appended>;

/**
 * Adds what the model wrote since the last append. With no text it only says that the writer is
 * alive and asks whether it is still wanted. It comes many times a second, so it is told by their
 * ids what to read, and searches only when it is asked how many answers are written beside this one.
 *
 * @returns `null` when the answer is no longer wanted and the writer must end the model's call
 */
export const appendStreamChunk = internalMutation({
  args: {
    page: v.id("chatStreamPages"),
    lease: v.id("chatLeases"),
    chunk: v.union(v.null(), v.object({ sequence: v.number(), text: v.string() })),
    asksBeside: v.boolean(),
  },
  returns: v.union(v.null(), appended),
  handler: async (ctx, { page, lease, chunk, asksBeside }): Promise<Appended | null> => {
    const last = await ctx.db.get("chatStreamPages", page);
    const held = await ctx.db.get("chatLeases", lease);
    if (last === null || held === null) return null;
    await renewLease(ctx, held);
    return {
      page: chunk === null ? page : await appendText(ctx, last, chunk),
      beside: asksBeside ? await streamsBeside(ctx, last.userId) : null,
    };
  },
});

/** Ends an answer as its writer found it. Does nothing to an answer that has ended. */
export const finalizeStreamMessage = internalMutation({
  args: {
    messageId: v.id("chatMessages"),
    content: v.string(),
    tokens: v.union(v.null(), tokenCounts),
    failure: v.union(v.null(), failureCode),
  },
  returns: v.boolean(),
  handler: async (ctx, { messageId, content, tokens, failure }) => {
    const answer = await answerOf(ctx, messageId);
    if (answer === null) return false;
    return await finish(
      ctx,
      answer,
      failure === null
        ? { kind: "complete", content, tokens }
        : { kind: "failed", content, tokens, code: failure },
    );
  },
});

/** Adds the token counts of an answer that ended without the provider's own. */
export const recordTokens = internalMutation({
  args: { messageId: v.id("chatMessages"), tokens: tokenCounts },
  returns: v.null(),
  handler: async (ctx, { messageId, tokens }) => {
    const answer = await answerOf(ctx, messageId);
    if (answer?.tokens === null) await ctx.db.patch("chatMessages", messageId, { tokens });
    return null;
  },
});
