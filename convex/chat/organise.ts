import { v } from "convex/values";
import { settingsOf } from "../account/settings";
import { internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import { oneLine } from "../lib/characters";
import { appError } from "../lib/errors";
import { authenticatedMutation } from "../lib/functions";
import { SECOND_MS, UNDO_MS } from "../lib/time";
import { ownProject } from "../projects/projects";
import { SELECTED_MAX, TITLE_MAX_CHARACTERS } from "./limits";
import { ownSession, PINNED_MAX, pinnedOf, readableSession } from "./sessions";

/** The page's offer to undo, and the time that its word may take to come here. */
const DELETION_WAITS_MS = UNDO_MS + 4 * SECOND_MS;

/**
 * Gives the session a name, which no title made by itself will ever replace. It counts as no
 * activity: the session keeps its place in the list.
 *
 * @throws NOT_FOUND; INVALID_REQUEST for an empty or over-long name
 */
export const renameSession = authenticatedMutation({
  args: { sessionId: v.id("chatSessions"), title: v.string() },
  returns: v.null(),
  handler: async (ctx, { sessionId, title }) => {
    await ownSession(ctx, ctx.userId, sessionId);
    await ctx.db.patch("chatSessions", sessionId, {
      title: acceptedTitle(title),
      titledBy: "person",
    });
    return null;
  },
});

function acceptedTitle(title: string): string {
  const line = oneLine(title);
  if (line === "") throw appError("INVALID_REQUEST", "A chat needs a name.");
  if (line.length > TITLE_MAX_CHARACTERS) {
    throw appError(
      "INVALID_REQUEST",
      `A name has at most ${TITLE_MAX_CHARACTERS} characters; this one has ${line.length}.`,
    );
  }
  return line;
}

/**
 * Pins the session above all others, or lets it go back among them. A pinned session leaves the
 * archive.
 *
 * @throws NOT_FOUND; LIMIT_REACHED when `PINNED_MAX` are pinned already
 */
export const setPinned = authenticatedMutation({
  args: { sessionId: v.id("chatSessions"), isPinned: v.boolean() },
  returns: v.null(),
  handler: async (ctx, { sessionId, isPinned }) => {
    const session = await ownSession(ctx, ctx.userId, sessionId);
    if (session.isPinned === isPinned) return null;
    if (isPinned && (await pinnedOf(ctx, ctx.userId)).length >= PINNED_MAX) {
      throw appError(
        "LIMIT_REACHED",
        `At most ${PINNED_MAX} chats can be pinned. Unpin one first.`,
      );
    }
    await ctx.db.patch("chatSessions", sessionId, { isPinned, isArchived: false });
    return null;
  },
});

/**
 * Puts the sessions into the archive, unpinned, or takes them out again: all of them or none.
 *
 * @throws NOT_FOUND; INVALID_REQUEST for more than `SELECTED_MAX`
 */
export const setArchived = authenticatedMutation({
  args: { sessionIds: v.array(v.id("chatSessions")), isArchived: v.boolean() },
  returns: v.null(),
  handler: async (ctx, { sessionIds, isArchived }) => {
    for (const session of await selected(ctx, ctx.userId, sessionIds, ownSession)) {
      await ctx.db.patch("chatSessions", session._id, {
        isArchived,
        isPinned: isArchived ? false : session.isPinned,
      });
    }
    return null;
  },
});

/**
 * Puts the session into a project, whose context it then takes, or with `null` out of any: it is
 * then told of projects and tasks as the person has set it for new chats. What it was told so far
 * stays as it was.
 *
 * @throws NOT_FOUND
 */
export const moveToProject = authenticatedMutation({
  args: { sessionId: v.id("chatSessions"), projectId: v.union(v.null(), v.id("projects")) },
  returns: v.null(),
  handler: async (ctx, { sessionId, projectId }) => {
    const session = await ownSession(ctx, ctx.userId, sessionId);
    if (projectId === (session.projectId ?? null)) return null;
    if (projectId !== null) await ownProject(ctx, ctx.userId, projectId);
    const preset = (await settingsOf(ctx, ctx.userId))?.includesContext ?? false;
    await ctx.db.patch("chatSessions", sessionId, {
      projectId: projectId ?? undefined,
      includesContext: projectId !== null || preset,
    });
    return null;
  },
});

/**
 * Deletes the sessions, all of them or none: from now on nobody sees them, nor what was shared of
 * them. For a while `restoreSessions` brings them back; after that they are really gone with all
 * that belongs to them.
 *
 * @throws NOT_FOUND; INVALID_REQUEST for more than `SELECTED_MAX`
 */
export const deleteSessions = authenticatedMutation({
  args: { sessionIds: v.array(v.id("chatSessions")) },
  returns: v.null(),
  handler: async (ctx, { sessionIds }) => {
    const deletedAt = Date.now();
    for (const { _id: sessionId } of await selected(ctx, ctx.userId, sessionIds, ownSession)) {
      await ctx.db.patch("chatSessions", sessionId, { deletedAt });
      await ctx.scheduler.runAfter(DELETION_WAITS_MS, internal.chat.deletion.purge, {
        sessionId,
        deletedAt,
      });
    }
    return null;
  },
});

/**
 * Undoes `deleteSessions`. A session that was not deleted stays as it is. What waits in the others is
 * sent, should the answer before it have ended meanwhile.
 *
 * @throws NOT_FOUND when it is too late for one of them; INVALID_REQUEST for more than `SELECTED_MAX`
 */
export const restoreSessions = authenticatedMutation({
  args: { sessionIds: v.array(v.id("chatSessions")) },
  returns: v.null(),
  handler: async (ctx, { sessionIds }) => {
    const sessions = await selected(ctx, ctx.userId, sessionIds, readableSession);
    for (const { _id, deletedAt } of sessions) {
      if (deletedAt !== null && Date.now() >= deletedAt + DELETION_WAITS_MS) {
        throw appError("NOT_FOUND", "It is too late to bring this chat back.");
      }
      await ctx.db.patch("chatSessions", _id, { deletedAt: null });
      // Not looked into here: what waits in a hundred chats can be more than a transaction may read.
      await ctx.scheduler.runAfter(0, internal.chat.queue.sendNext, { sessionId: _id });
    }
    return null;
  },
});

/** The sessions that one request is about, each once. */
async function selected(
  ctx: MutationCtx,
  userId: Id<"users">,
  sessionIds: readonly Id<"chatSessions">[],
  read: typeof ownSession,
): Promise<Doc<"chatSessions">[]> {
  if (sessionIds.length > SELECTED_MAX) {
    throw appError("INVALID_REQUEST", `At most ${SELECTED_MAX} chats can be changed at once.`);
  }
  const sessions = [];
  for (const sessionId of new Set(sessionIds)) sessions.push(await read(ctx, userId, sessionId));
  return sessions;
}
