import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import type { Doc } from "../_generated/dataModel";
import { isBlank, wholeCharacters } from "../lib/characters";
import { authenticatedMutation, authenticatedQuery } from "../lib/functions";
import { finish, ownAnswer } from "./finish";
import { readableSession } from "./sessions";
import { writtenText } from "./streamText";
import { attachmentView, chatTables, newAttachment } from "./tables";
import { send, turnView } from "./turn";

const {
  userId: _userId,
  sessionId: _sessionId,
  isShown: _isShown,
  isChosen: _isChosen,
  ...publicFields
} = chatTables.chatMessages.validator.fields;
const messageView = v.object({
  _id: v.id("chatMessages"),
  ...publicFields,
  attachments: v.array(attachmentView),
  model: v.union(v.null(), v.string()),
});

/** What its owner sees of a message. */
function publicMessage(message: Doc<"chatMessages">) {
  const { _id, role, content, status, tokens, creditsUsed } = message;
  const { timestamp, error, clientKey, parentId, version, versionCount, feedback } = message;
  const { attachments = [], model = null } = message;
  return {
    _id,
    role,
    content,
    status,
    tokens,
    creditsUsed,
    timestamp,
    error,
    clientKey,
    parentId,
    version,
    versionCount,
    feedback,
    attachments,
    model,
  };
}

/**
 * The messages of the person's own session that are shown, newest first: of each message the chosen
 * version. The text of an answer that is being written is not in it; see `streamState` and
 * `streamPage`.
 *
 * @throws NOT_FOUND
 */
export const listMessages = authenticatedQuery({
  args: { sessionId: v.id("chatSessions"), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(messageView),
  handler: async (ctx, { sessionId, paginationOpts }) => {
    await readableSession(ctx, ctx.userId, sessionId);
    const messages = await ctx.db
      .query("chatMessages")
      .withIndex("by_sessionId_and_isShown", (q) =>
        q.eq("sessionId", sessionId).eq("isShown", true),
      )
      .order("desc")
      .paginate(paginationOpts);
    return { ...messages, page: messages.page.map(publicMessage) };
  },
});

/**
 * Sends a message and opens the answer to it: takes the credits, writes both messages and makes
 * sure that the answer is started, all in one transaction. Without a session it opens one, whose
 * title is cut from the text. A second call with the same `clientKey` is the same send and changes
 * nothing. The page then calls `generateReply` with the answer's id.
 *
 * @throws NOT_FOUND, EMPTY_MESSAGE, MESSAGE_TOO_LONG, ATTACHMENT_REFUSED, ANSWER_RUNNING,
 * TOO_MANY_REQUESTS, INSUFFICIENT_CREDITS, INVALID_REQUEST. Nothing is written or charged then.
 */
export const sendChatMessage = authenticatedMutation({
  args: {
    sessionId: v.optional(v.id("chatSessions")),
    content: v.string(),
    /** Made once for each send, at most 100 characters: `crypto.randomUUID()`. */
    clientKey: v.string(),
    attachments: v.optional(v.array(newAttachment)),
    /** For a session that is opened now: whether the model is told of projects and tasks. */
    includesContext: v.optional(v.boolean()),
    /** For a session that is opened now: the project that it belongs to. */
    projectId: v.optional(v.id("projects")),
    /** For a session that is opened now: the model that answers. */
    model: v.optional(v.string()),
  },
  returns: turnView,
  handler: async (ctx, args) => await send(ctx, ctx.userId, args),
});

/**
 * Ends a running answer at once, with no more text than the person saw: `seenLength` UTF-16 units.
 * So it never grows back, whatever the model had written meanwhile. Its writer learns of it within
 * a second and ends the model's call. Credits go back only when no text had been written at all,
 * which the server knows and the client is not asked. Whoever saw nothing of a text that was
 * written gets all of it: nobody pays for an empty answer. Nothing happens to one that has ended.
 *
 * @throws NOT_FOUND
 */
export const stopMessage = authenticatedMutation({
  args: { messageId: v.id("chatMessages"), seenLength: v.number() },
  returns: v.null(),
  handler: async (ctx, { messageId, seenLength }) => {
    const answer = await ownAnswer(ctx, ctx.userId, messageId);
    const written = await writtenText(ctx, messageId);
    const seen = wholeCharacters(written, seenLength);
    const content = isBlank(seen) ? written : seen;
    await finish(ctx, answer, { kind: "stopped", content });
    return null;
  },
});
