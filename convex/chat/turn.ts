import { type Infer, v } from "convex/values";
import { internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import { chargeNew } from "../credits/ledger";
import { COSTS } from "../credits/rules";
import { isBlank, trimmed } from "../lib/characters";
import { requireClientKey } from "../lib/clientKey";
import { appError } from "../lib/errors";
import { owned } from "../lib/functions";
import { limitRate } from "../lib/rateLimits";
import { SECOND_MS } from "../lib/time";
import {
  acceptedAttachments,
  type Attachment,
  keepAttachments,
  type NewAttachment,
} from "./attachments";
import { deleteMessage } from "./deletion";
import { isContinuable, isRunning, ownAnswer } from "./finish";
import { openLease } from "./leases";
import { MESSAGE_MAX_CHARACTERS } from "./limits";
import { openSession, ownSession } from "./sessions";
import { chosenBelow, hasChildren, lastShown, placeBelow, type Placement, reveal } from "./tree";

/**
 * How long the page has to start an answer itself before the scheduler does. The page is the
 * faster way and may run many at once; the scheduler makes it safe that the page may vanish.
 */
export const FALLBACK_START_MS = 2 * SECOND_MS;

/** Where a send landed: the session, its address, and the answer to start. */
export const turnView = v.object({
  sessionId: v.id("chatSessions"),
  displayId: v.string(),
  answerId: v.id("chatMessages"),
});
type Turn = Infer<typeof turnView>;

interface Send {
  readonly sessionId?: Id<"chatSessions">;
  readonly content: string;
  readonly clientKey: string;
  readonly attachments?: NewAttachment[];
  readonly includesContext?: boolean;
  readonly projectId?: Id<"projects">;
  readonly model?: string;
}

/** The work of `sendChatMessage`, where its rules are written. */
export async function send(ctx: MutationCtx, userId: Id<"users">, args: Send): Promise<Turn> {
  const earlier = await turnOf(ctx, userId, args.clientKey);
  if (earlier !== null) return earlier;

  const content = accepted(args.content);
  const attached = acceptedAttachments(args.attachments ?? []);
  const session =
    args.sessionId === undefined
      ? await openSession(ctx, userId, {
          content,
          includesContext: args.includesContext,
          projectId: args.projectId,
          model: args.model,
        })
      : await ownSession(ctx, userId, args.sessionId);
  await refuseWhileRunning(ctx, session._id);
  const parent = await lastShown(ctx, session._id);
  const attachments = await keepAttachments(ctx, session, attached);
  return await openTurn(ctx, session, parent, { content, attachments, clientKey: args.clientKey });
}

/** The work of `editMessage`, where its rules are written. */
export async function resend(
  ctx: MutationCtx,
  userId: Id<"users">,
  args: Pick<Send, "content" | "clientKey"> & { readonly messageId: Id<"chatMessages"> },
): Promise<Turn> {
  const earlier = await turnOf(ctx, userId, args.clientKey);
  if (earlier !== null) return earlier;

  const question = await ownQuestion(ctx, userId, args.messageId);
  const content = accepted(args.content);
  const session = await ownSession(ctx, userId, question.sessionId);
  await refuseWhileRunning(ctx, session._id);
  const parent = await messageAbove(ctx, question);
  const { attachments = [] } = question;
  return await openTurn(ctx, session, parent, { content, attachments, clientKey: args.clientKey });
}

/** The work of `regenerateMessage`, where its rules are written. */
export async function answerAgain(
  ctx: MutationCtx,
  userId: Id<"users">,
  { messageId, clientKey }: { messageId: Id<"chatMessages">; clientKey: string },
): Promise<Turn> {
  const earlier = await turnOf(ctx, userId, clientKey);
  if (earlier !== null) return earlier;

  const answer = await ownAnswer(ctx, userId, messageId);
  const session = await ownSession(ctx, userId, answer.sessionId);
  await refuseWhileRunning(ctx, session._id);
  if (isBlank(answer.content) && !(await hasChildren(ctx, answer))) {
    const place = await takeAway(ctx, answer);
    const messageCount = session.messageCount - 1;
    return await openAnswer(ctx, { ...session, messageCount }, clientKey, place);
  }
  const place = await placeBelow(ctx, session._id, await messageAbove(ctx, answer));
  return await openAnswer(ctx, session, clientKey, place);
}

/** The work of `continueMessage`, where its rules are written. */
export async function answerOn(
  ctx: MutationCtx,
  userId: Id<"users">,
  { messageId, clientKey }: { messageId: Id<"chatMessages">; clientKey: string },
): Promise<Turn> {
  const earlier = await turnOf(ctx, userId, clientKey);
  if (earlier !== null) return earlier;

  const answer = await ownAnswer(ctx, userId, messageId);
  const session = await ownSession(ctx, userId, answer.sessionId);
  if (!isContinuable(answer) || (await lastShown(ctx, session._id))?._id !== answer._id) {
    throw appError(
      "NOT_CONTINUABLE",
      "Only the last answer can be continued, when it was cut or stopped. Nothing was charged.",
    );
  }
  return await openAnswer(ctx, session, clientKey, await placeBelow(ctx, session._id, answer));
}

/** Writes a question below `parent` and the pending answer below the question. */
async function openTurn(
  ctx: MutationCtx,
  session: Doc<"chatSessions">,
  parent: Doc<"chatMessages"> | null,
  {
    content,
    attachments,
    clientKey,
  }: { content: string; attachments: Attachment[]; clientKey: string },
): Promise<Turn> {
  const parentId = await ctx.db.insert("chatMessages", {
    ...blank(session, clientKey),
    ...(await placeBelow(ctx, session._id, parent)),
    role: "user",
    content,
    attachments,
    status: "complete",
  });
  const messageCount = session.messageCount + 1;
  const place = { parentId, isShown: true, isChosen: true, version: 1, versionCount: 1 };
  return await openAnswer(ctx, { ...session, messageCount }, clientKey, place);
}

/** Writes the pending answer, takes its credits and arranges its start. */
async function openAnswer(
  ctx: MutationCtx,
  session: Doc<"chatSessions">,
  clientKey: string,
  place: Placement,
): Promise<Turn> {
  const answerId = await ctx.db.insert("chatMessages", {
    ...blank(session, clientKey),
    ...place,
    role: "assistant",
    content: "",
    status: "pending",
  });
  await limitRate(ctx, "chatMessage", session.userId);
  const subject = `message:${answerId}` as const;
  const creditsUsed = await chargeNew(ctx, session.userId, subject, COSTS.chatMessage);
  await ctx.db.patch("chatMessages", answerId, { creditsUsed });
  await ctx.db.patch("chatSessions", session._id, {
    updatedAt: Date.now(),
    messageCount: session.messageCount + 1,
    mark: "running",
  });
  await openLease(ctx, answerId);
  await ctx.scheduler.runAfter(
    FALLBACK_START_MS,
    internal.chat.generation.generateReplyUnattended,
    { messageId: answerId },
  );
  return { sessionId: session._id, displayId: session.displayId, answerId };
}

/** Deletes an answer without a word, which nobody wants to come back to, and tells its place. */
async function takeAway(ctx: MutationCtx, answer: Doc<"chatMessages">): Promise<Placement> {
  await reveal(ctx, answer);
  await deleteMessage(ctx, answer);
  const { parentId, version, versionCount } = answer;
  return { parentId, isShown: true, isChosen: true, version, versionCount };
}

/**
 * The send or retry that this key was used for before, if any. Its answer may have been taken away
 * since, with the key; the question then still leads to the one in its place.
 *
 * @throws INVALID_REQUEST
 */
export async function turnOf(
  ctx: MutationCtx,
  userId: Id<"users">,
  clientKey: string,
): Promise<Turn | null> {
  requireClientKey(clientKey);
  const message = await ctx.db
    .query("chatMessages")
    .withIndex("by_userId_and_clientKey", (q) => q.eq("userId", userId).eq("clientKey", clientKey))
    .order("desc")
    .first();
  const answer = message?.role === "user" ? await chosenBelow(ctx, message) : message;
  if (answer === null) return null;
  const { _id: sessionId, displayId } = await ownSession(ctx, userId, answer.sessionId);
  return { sessionId, displayId, answerId: answer._id };
}

/**
 * A message's text as it is kept.
 *
 * @throws EMPTY_MESSAGE, MESSAGE_TOO_LONG
 */
export function accepted(content: string): string {
  const text = trimmed(content);
  if (text === "") throw appError("EMPTY_MESSAGE", "Write a message first. Nothing was charged.");
  if (text.length > MESSAGE_MAX_CHARACTERS) {
    throw appError(
      "MESSAGE_TOO_LONG",
      `A message has at most ${MESSAGE_MAX_CHARACTERS.toLocaleString("en")} characters; ` +
        `this one has ${text.length.toLocaleString("en")}. Nothing was charged.`,
      { limit: MESSAGE_MAX_CHARACTERS, length: text.length },
    );
  }
  return text;
}

/** @throws ANSWER_RUNNING */
export async function refuseWhileRunning(
  ctx: MutationCtx,
  sessionId: Id<"chatSessions">,
): Promise<void> {
  const last = await lastShown(ctx, sessionId);
  if (last !== null && isRunning(last)) {
    throw appError(
      "ANSWER_RUNNING",
      "The last answer in this chat is still being written. Wait for it or stop it. Nothing was charged.",
    );
  }
}

async function ownQuestion(
  ctx: MutationCtx,
  userId: Id<"users">,
  messageId: Id<"chatMessages">,
): Promise<Doc<"chatMessages">> {
  const message = await ctx.db.get("chatMessages", messageId);
  const question = message?.role === "user" ? message : null;
  return owned(question, userId, "There is no such message.");
}

async function messageAbove(ctx: MutationCtx, { parentId }: Doc<"chatMessages">) {
  return parentId === null ? null : await ctx.db.get("chatMessages", parentId);
}

function blank({ _id: sessionId, userId }: Doc<"chatSessions">, clientKey: string) {
  return {
    sessionId,
    userId,
    clientKey,
    timestamp: Date.now(),
    creditsUsed: 0,
    tokens: null,
    error: null,
    feedback: null,
  };
}
