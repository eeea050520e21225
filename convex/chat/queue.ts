import { ConvexError, type Infer, v } from "convex/values";
import { internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import { internalMutation, type MutationCtx, type QueryCtx } from "../_generated/server";
import { type AppErrorData, appError } from "../lib/errors";
import { authenticatedMutation, authenticatedQuery, owned } from "../lib/functions";
import { acceptedAttachments } from "./attachments";
import { HOLD_LEASE_MS, QUEUE_MAX } from "./limits";
import { firstInQueue, sendNextSoon } from "./queueRows";
import { ownSession, readableSession } from "./sessions";
import { newAttachment } from "./tables";
import { lastShown } from "./tree";
import { accepted, send, turnOf, turnView } from "./turn";

/** A message that is neither held nor refused. */
const FREE = { isHeld: false, heldUntil: undefined, refusal: null };

const queuedView = v.object({
  _id: v.id("chatQueue"),
  content: v.string(),
  clientKey: v.string(),
  isHeld: v.boolean(),
  refusal: v.union(v.null(), v.string()),
  attachments: v.array(v.object({ name: v.string(), characters: v.number() })),
});

/**
 * The messages that wait in a session, the next one first. They are sent one after another, each
 * when the answer before it is complete, whether a page is open or not. They cost nothing until then.
 *
 * @throws NOT_FOUND
 */
export const listQueue = authenticatedQuery({
  args: { sessionId: v.id("chatSessions") },
  returns: v.array(queuedView),
  handler: async (ctx, { sessionId }) => {
    await readableSession(ctx, ctx.userId, sessionId);
    return (await waiting(ctx, sessionId)).map(publicQueued);
  },
});

/**
 * Puts a message behind those that wait. A second call with the same `clientKey`, and one for what
 * was sent already, change nothing.
 *
 * @throws NOT_FOUND, EMPTY_MESSAGE, MESSAGE_TOO_LONG, ATTACHMENT_REFUSED, QUEUE_FULL, INVALID_REQUEST
 */
export const queueMessage = authenticatedMutation({
  args: {
    sessionId: v.id("chatSessions"),
    content: v.string(),
    clientKey: v.string(),
    attachments: v.optional(v.array(newAttachment)),
  },
  returns: v.null(),
  handler: async (ctx, { sessionId, clientKey, ...message }) => {
    if ((await turnOf(ctx, ctx.userId, clientKey)) !== null) return null;
    const earlier = await ctx.db
      .query("chatQueue")
      .withIndex("by_userId_and_clientKey", (q) =>
        q.eq("userId", ctx.userId).eq("clientKey", clientKey),
      )
      .unique();
    if (earlier !== null) return null;

    const { _id, userId } = await ownSession(ctx, ctx.userId, sessionId);
    const content = accepted(message.content);
    const attachments = acceptedAttachments(message.attachments ?? []);
    if ((await waiting(ctx, _id)).length >= QUEUE_MAX) {
      throw appError(
        "QUEUE_FULL",
        `At most ${QUEUE_MAX} messages can wait in a chat. Delete one, or wait until one is sent. Nothing was charged.`,
      );
    }
    const row = { userId, sessionId, content, attachments, clientKey };
    await ctx.db.insert("chatQueue", { ...row, isHeld: false, refusal: null });
    await goOn(ctx, sessionId);
    return null;
  },
});

/**
 * Keeps a message, and those behind it, from being sent while the person edits it: for
 * `HOLD_LEASE_MS`, and so much longer at each further call. So a page that dies holds nothing.
 *
 * @throws NOT_FOUND, also when it was sent meanwhile
 */
export const holdQueued = authenticatedMutation({
  args: { queuedId: v.id("chatQueue") },
  returns: v.null(),
  handler: async (ctx, { queuedId }) => {
    await ownQueued(ctx, ctx.userId, queuedId);
    const heldUntil = Date.now() + HOLD_LEASE_MS;
    await ctx.db.patch("chatQueue", queuedId, { isHeld: true, heldUntil, refusal: null });
    await ctx.scheduler.runAt(heldUntil, internal.chat.queue.endHold, { queuedId, heldUntil });
    return null;
  },
});

/** Lets a message go on as it is. @param heldUntil names the hold: one that came later goes on */
export const endHold = internalMutation({
  args: { queuedId: v.id("chatQueue"), heldUntil: v.number() },
  returns: v.null(),
  handler: async (ctx, { queuedId, heldUntil }) => {
    const queued = await ctx.db.get("chatQueue", queuedId);
    if (queued?.heldUntil !== heldUntil) return null;
    await ctx.db.patch("chatQueue", queuedId, FREE);
    await goOn(ctx, queued.sessionId);
    return null;
  },
});

/**
 * Changes the text of a message that waits, and lets it go on.
 *
 * @throws NOT_FOUND, EMPTY_MESSAGE, MESSAGE_TOO_LONG
 */
export const editQueued = authenticatedMutation({
  args: { queuedId: v.id("chatQueue"), content: v.string() },
  returns: v.null(),
  handler: async (ctx, args) => {
    const { _id, sessionId } = await ownQueued(ctx, ctx.userId, args.queuedId);
    const content = accepted(args.content);
    await ctx.db.patch("chatQueue", _id, { content, ...FREE });
    await goOn(ctx, sessionId);
    return null;
  },
});

/** Forgets a message that waits; one that is gone already is no error. */
export const deleteQueued = authenticatedMutation({
  args: { queuedId: v.id("chatQueue") },
  returns: v.null(),
  handler: async (ctx, { queuedId }) => {
    const queued = await ctx.db.get("chatQueue", queuedId);
    if (queued?.userId !== ctx.userId) return null;
    await ctx.db.delete("chatQueue", queuedId);
    // What stood behind a held message may go on.
    await goOn(ctx, queued.sessionId);
    return null;
  },
});

/**
 * Sends a message that waits, before the others and without waiting. The page stops a running answer
 * first, and then calls `generateReply` as after every send.
 *
 * @throws NOT_FOUND, ANSWER_RUNNING, TOO_MANY_REQUESTS, INSUFFICIENT_CREDITS. It goes on waiting then.
 */
export const sendQueued = authenticatedMutation({
  args: { queuedId: v.id("chatQueue") },
  returns: turnView,
  handler: async (ctx, { queuedId }) => {
    return await dispatch(ctx, await ownQueued(ctx, ctx.userId, queuedId));
  },
});

/**
 * Sends the next message of a session, unless an answer is running or the message is held. In a
 * deleted session nothing is sent; bringing it back calls this again.
 */
export const sendNext = internalMutation({
  args: { sessionId: v.id("chatSessions") },
  returns: v.null(),
  handler: async (ctx, { sessionId }) => {
    const session = await ctx.db.get("chatSessions", sessionId);
    if (session?.deletedAt !== null) return null;
    const next = await firstInQueue(ctx, sessionId);
    if (next === null || next.isHeld || !(await isAnswered(ctx, sessionId))) return null;
    try {
      // Of its own, so that a refusal leaves nothing half written.
      await ctx.runMutation(internal.chat.queue.sendUnattended, { queuedId: next._id });
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      await ctx.db.patch("chatQueue", next._id, { isHeld: true, refusal });
    }
    return null;
  },
});

/** Sends a message that waits, and has its answer started. @throws as `sendQueued` */
export const sendUnattended = internalMutation({
  args: { queuedId: v.id("chatQueue") },
  returns: v.null(),
  handler: async (ctx, { queuedId }) => {
    const queued = await ctx.db.get("chatQueue", queuedId);
    if (queued === null) return null;
    const { answerId } = await dispatch(ctx, queued);
    await ctx.scheduler.runAfter(0, internal.chat.generation.generateReplyUnattended, {
      messageId: answerId,
    });
    return null;
  },
});

async function dispatch(
  ctx: MutationCtx,
  { _id, userId, sessionId, content, attachments, clientKey }: Doc<"chatQueue">,
): Promise<Infer<typeof turnView>> {
  const turn = await send(ctx, userId, { sessionId, content, attachments, clientKey });
  await ctx.db.delete("chatQueue", _id);
  return turn;
}

/** Sends the next message if there is no answer to wait for. */
async function goOn(ctx: MutationCtx, sessionId: Id<"chatSessions">): Promise<void> {
  if (await isAnswered(ctx, sessionId)) await sendNextSoon(ctx, sessionId);
}

/** After a stopped or failed answer the person decides how it goes on. */
async function isAnswered(ctx: QueryCtx, sessionId: Id<"chatSessions">): Promise<boolean> {
  const last = await lastShown(ctx, sessionId);
  return last === null || last.status === "complete";
}

async function waiting(ctx: QueryCtx, sessionId: Id<"chatSessions">): Promise<Doc<"chatQueue">[]> {
  return await ctx.db
    .query("chatQueue")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .take(QUEUE_MAX);
}

async function ownQueued(
  ctx: QueryCtx,
  userId: Id<"users">,
  queuedId: Id<"chatQueue">,
): Promise<Doc<"chatQueue">> {
  const queued = await ctx.db.get("chatQueue", queuedId);
  return owned(queued, userId, "This message does not wait any more: it was sent or deleted.");
}

function publicQueued({ _id, content, clientKey, isHeld, refusal, attachments }: Doc<"chatQueue">) {
  const named = attachments.map(({ name, text }) => ({ name, characters: text.length }));
  return { _id, content, clientKey, isHeld, refusal, attachments: named };
}

/** The sentence of a refusal; `null` for what is no refusal. */
function refusalOf(error: unknown): string | null {
  if (!(error instanceof ConvexError)) return null;
  return (error.data as AppErrorData).message;
}
