import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import { settingsOf } from "../account/settings";
import { drawDisplayId } from "../lib/displayId";
import { appError } from "../lib/errors";
import { authenticatedQuery, owned } from "../lib/functions";
import { acceptedModel, modelFor } from "../models/catalogue";
import { ownProject } from "../projects/projects";
import { titleOf } from "./limits";
import { chatTables } from "./tables";

const {
  userId: _userId,
  titledBy: _titledBy,
  lastEnding: _lastEnding,
  deletedAt: _deletedAt,
  ...publicFields
} = chatTables.chatSessions.validator.fields;
const sessionView = v.object({
  _id: v.id("chatSessions"),
  ...publicFields,
  includesContext: v.boolean(),
  projectId: v.union(v.null(), v.id("projects")),
  /** The one that answers; `null` while none is set up. */
  model: v.union(v.null(), v.string()),
});

/** What its owner sees of a session. */
function publicSession(session: Doc<"chatSessions">) {
  const { _id, displayId, title, createdAt, updatedAt, messageCount } = session;
  const { mark, isPinned, isArchived } = session;
  return {
    _id,
    displayId,
    title,
    createdAt,
    updatedAt,
    messageCount,
    mark,
    isPinned,
    isArchived,
    includesContext: session.includesContext ?? false,
    projectId: session.projectId ?? null,
    model: modelFor(session.model),
  };
}

/** The person's sessions, the one last used first: those at hand, or those put into the archive. */
export const listSessions = authenticatedQuery({
  args: { archived: v.optional(v.boolean()), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(sessionView),
  handler: async (ctx, { archived = false, paginationOpts }) => {
    const sessions = await ctx.db
      .query("chatSessions")
      .withIndex("by_userId_and_shelf", (q) =>
        q.eq("userId", ctx.userId).eq("deletedAt", null).eq("isArchived", archived),
      )
      .order("desc")
      .paginate(paginationOpts);
    return { ...sessions, page: sessions.page.map(publicSession) };
  },
});

/** The person's sessions at hand that belong to a project, the one last used first. */
export const listSessionsOfProject = authenticatedQuery({
  args: { projectId: v.id("projects"), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(sessionView),
  handler: async (ctx, { projectId, paginationOpts }) => {
    const sessions = await ctx.db
      .query("chatSessions")
      .withIndex("by_userId_and_projectId", (q) =>
        q
          .eq("userId", ctx.userId)
          .eq("projectId", projectId)
          .eq("deletedAt", null)
          .eq("isArchived", false),
      )
      .order("desc")
      .paginate(paginationOpts);
    return { ...sessions, page: sessions.page.map(publicSession) };
  },
});

/** More than this many are not pinned; see `setPinned`. */
export const PINNED_MAX = 50;

/** The person's pinned sessions, the one last used first. They are in `listSessions` too. */
export const pinnedSessions = authenticatedQuery({
  args: {},
  returns: v.array(sessionView),
  handler: async (ctx) => {
    const sessions = await pinnedOf(ctx, ctx.userId);
    return sessions.map(publicSession);
  },
});

/** The same as they are stored, at most `PINNED_MAX`. */
export async function pinnedOf(ctx: QueryCtx, userId: Id<"users">): Promise<Doc<"chatSessions">[]> {
  return await ctx.db
    .query("chatSessions")
    .withIndex("by_userId_and_isPinned", (q) =>
      q.eq("userId", userId).eq("deletedAt", null).eq("isPinned", true),
    )
    .order("desc")
    .take(PINNED_MAX);
}

/** The person's session of that display id, or `null` when the person has none such. */
export const getSession = authenticatedQuery({
  args: { displayId: v.string() },
  returns: v.union(v.null(), sessionView),
  handler: async (ctx, { displayId }) => {
    const session = await ctx.db
      .query("chatSessions")
      .withIndex("by_displayId", (q) => q.eq("userId", ctx.userId).eq("displayId", displayId))
      .unique();
    return session === null || session.deletedAt !== null ? null : publicSession(session);
  },
});

const NO_SUCH_CHAT = "There is no such chat.";

/** @throws NOT_FOUND, for a session that does not exist or was deleted as for somebody else's */
export async function ownSession(
  ctx: QueryCtx,
  userId: Id<"users">,
  sessionId: Id<"chatSessions">,
): Promise<Doc<"chatSessions">> {
  const session = await readableSession(ctx, userId, sessionId);
  if (session.deletedAt !== null) throw appError("NOT_FOUND", NO_SUCH_CHAT);
  return session;
}

/**
 * The same, also while its deletion can still be undone: a page that has it open on another device
 * must not break in the moment before it learns of the deletion.
 *
 * @throws NOT_FOUND
 */
export async function readableSession(
  ctx: QueryCtx,
  userId: Id<"users">,
  sessionId: Id<"chatSessions">,
): Promise<Doc<"chatSessions">> {
  return owned(await ctx.db.get("chatSessions", sessionId), userId, NO_SUCH_CHAT);
}

/**
 * A new, empty session that takes its title from the message it is opened with. What is not chosen
 * for it is as the person has set it for new chats.
 *
 * @throws NOT_FOUND for a project that is not theirs; INVALID_REQUEST for an unknown model
 */
export async function openSession(
  ctx: MutationCtx,
  userId: Id<"users">,
  {
    content,
    includesContext,
    projectId,
    model,
  }: {
    content: string;
    includesContext?: boolean | undefined;
    projectId?: Id<"projects"> | undefined;
    model?: string | undefined;
  },
): Promise<Doc<"chatSessions">> {
  const now = Date.now();
  const preset = await settingsOf(ctx, userId);
  const chosen = model === undefined ? modelFor(preset?.model) : acceptedModel(model);
  const sessionId = await ctx.db.insert("chatSessions", {
    userId,
    displayId: await drawDisplayId(ctx, userId, "CH"),
    title: titleOf(content),
    titledBy: "text",
    createdAt: now,
    updatedAt: now,
    messageCount: 0,
    mark: "none",
    isPinned: false,
    isArchived: false,
    deletedAt: null,
    // A chat that belongs to a project takes its context unless the person said otherwise.
    includesContext:
      includesContext ?? (projectId !== undefined || preset?.includesContext === true),
    ...(chosen === null ? {} : { model: chosen }),
    ...(projectId === undefined
      ? {}
      : { projectId: (await ownProject(ctx, userId, projectId))._id }),
  });
  return await ownSession(ctx, userId, sessionId);
}
