import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import { internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import { internalMutation, type MutationCtx } from "../_generated/server";
import { isRunning } from "../chat/finish";
import { ownSession } from "../chat/sessions";
import { isBlank } from "../lib/characters";
import { appError, outOfDate } from "../lib/errors";
import { authenticatedMutation, authenticatedQuery, owned } from "../lib/functions";
import { endOf, hasExpired, linkLifetime } from "./lifetimes";

/** Messages on one page of a link, few enough that even the longest make one answer of a query. */
const PAGE_MESSAGES = 20;
/** How many links a person may have. */
export const LINKS_MAX = 500;
/** Pages of a link that one step removes. */
const STEP_PAGES = 500;

const linkView = v.object({
  _id: v.id("chatShares"),
  token: v.string(),
  title: v.string(),
  createdAt: v.number(),
  /** When it ends, in Unix milliseconds; `null` for a link that works until it is revoked. */
  expiresAt: v.union(v.number(), v.null()),
  sessionId: v.id("chatSessions"),
  displayId: v.string(),
});

/**
 * Shares the chat as it is now: its messages that have ended, read-only, for whoever has the link.
 * What is written later is not in it. A second call with the same token is the same link, which
 * ends when the first call said.
 *
 * @param token 22 characters of base64url, made of 128 random bits
 * @param lifetime how long from now the link works; without it, until it is revoked
 * @throws NOT_FOUND; INVALID_REQUEST for a token that is malformed or taken; LIMIT_REACHED
 */
export const createLink = authenticatedMutation({
  args: {
    sessionId: v.id("chatSessions"),
    token: v.string(),
    lifetime: v.optional(linkLifetime),
  },
  returns: v.null(),
  handler: async (ctx, { sessionId, token, lifetime }) => {
    const session = await ownSession(ctx, ctx.userId, sessionId);
    const earlier = await shareOf(ctx, token);
    if (earlier?.userId === ctx.userId && earlier.sessionId === sessionId) return null;
    if (earlier !== null || !/^[\w-]{22}$/.test(token)) throw outOfDate();
    await refuseWithoutRoom(ctx, ctx.userId);
    const createdAt = Date.now();
    const expiresAt = endOf(createdAt, lifetime);
    const shareId = await ctx.db.insert("chatShares", {
      userId: ctx.userId,
      sessionId,
      token,
      title: session.title,
      createdAt,
      expiresAt,
      pages: 0,
      isComplete: false,
    });
    const share = await ctx.db.get("chatShares", shareId);
    const until = await lastEnded(ctx, sessionId);
    if (share !== null) await listNextPage(ctx, share, { after: 0, until });
    if (expiresAt !== undefined) {
      await ctx.scheduler.runAt(expiresAt, internal.sharing.links.expireLink, { shareId });
    }
    return null;
  },
});

/** @throws LIMIT_REACHED */
async function refuseWithoutRoom(ctx: MutationCtx, userId: Id<"users">): Promise<void> {
  const present = await ctx.db
    .query("chatShares")
    .withIndex("by_userId", (q) => q.eq("userId", userId))
    .take(LINKS_MAX);
  if (present.length < LINKS_MAX) return;
  throw appError(
    "LIMIT_REACHED",
    `You have ${LINKS_MAX} links, which is all there is room for. Revoke one first.`,
  );
}

/** Lists the messages of a long chat, a page in each step. */
export const listPage = internalMutation({
  args: { shareId: v.id("chatShares"), after: v.number(), until: v.number() },
  returns: v.null(),
  handler: async (ctx, { shareId, ...range }) => {
    const share = await ctx.db.get("chatShares", shareId);
    if (share !== null) await listNextPage(ctx, share, range);
    return null;
  },
});

/**
 * When the newest shown message that has ended was created. Whatever ends later is not shared, also
 * if it does so before its page is listed.
 */
async function lastEnded(ctx: MutationCtx, sessionId: Id<"chatSessions">): Promise<number> {
  // Only the last one can be running.
  const newest = await ctx.db
    .query("chatMessages")
    .withIndex("by_sessionId_and_isShown", (q) => q.eq("sessionId", sessionId).eq("isShown", true))
    .order("desc")
    .take(2);
  return newest.find((message) => !isRunning(message))?._creationTime ?? 0;
}

/**
 * @param after the creation time of the last message that is listed
 * @param until that of the last one to list
 */
async function listNextPage(
  ctx: MutationCtx,
  share: Doc<"chatShares">,
  { after, until }: { after: number; until: number },
): Promise<void> {
  const messages = await ctx.db
    .query("chatMessages")
    .withIndex("by_sessionId_and_isShown", (q) =>
      q
        .eq("sessionId", share.sessionId)
        .eq("isShown", true)
        .gt("_creationTime", after)
        .lte("_creationTime", until),
    )
    .take(PAGE_MESSAGES);
  // An answer that ended without a word is left out.
  const worded = messages.filter(({ content }) => !isBlank(content));
  await ctx.db.insert("chatSharePages", {
    shareId: share._id,
    page: share.pages,
    messageIds: worded.map(({ _id }) => _id),
  });
  const last = messages.at(-1);
  const isComplete = messages.length < PAGE_MESSAGES || last === undefined;
  await ctx.db.patch("chatShares", share._id, { pages: share.pages + 1, isComplete });
  if (!isComplete) {
    const args = { shareId: share._id, after: last._creationTime, until };
    await ctx.scheduler.runAfter(0, internal.sharing.links.listPage, args);
  }
}

/** The person's links that still work, the newest first. */
export const listLinks = authenticatedQuery({
  args: { paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(linkView),
  handler: async (ctx, { paginationOpts }) => {
    const shares = await ctx.db
      .query("chatShares")
      .withIndex("by_userId", (q) => q.eq("userId", ctx.userId))
      .order("desc")
      .paginate(paginationOpts);
    const page = [];
    for (const share of shares.page) {
      if (hasExpired(share)) continue;
      const { _id, token, title, createdAt, sessionId } = share;
      const expiresAt = share.expiresAt ?? null;
      const session = await ctx.db.get("chatSessions", sessionId);
      if (session === null || session.deletedAt !== null) continue;
      const { displayId } = session;
      page.push({ _id, token, title, createdAt, expiresAt, sessionId, displayId });
    }
    return { ...shares, page };
  },
});

/**
 * Closes a link for good: an open page of it goes blank at once, and nothing answers to it again.
 *
 * @throws NOT_FOUND
 */
export const revokeLink = authenticatedMutation({
  args: { shareId: v.id("chatShares") },
  returns: v.null(),
  handler: async (ctx, { shareId }) => {
    const share = await ctx.db.get("chatShares", shareId);
    owned(share, ctx.userId, "There is no such link.");
    await deleteShare(ctx, shareId);
    return null;
  },
});

/** Closes a link whose time has come, as revoking does. One that is closed already stays so. */
export const expireLink = internalMutation({
  args: { shareId: v.id("chatShares") },
  returns: v.null(),
  handler: async (ctx, { shareId }) => {
    if ((await ctx.db.get("chatShares", shareId)) !== null) await deleteShare(ctx, shareId);
    return null;
  },
});

const STEP_SHARES = 10;

/**
 * Removes some of what was shared of a session.
 *
 * @returns whether there is more
 */
export async function deleteSharesOf(
  ctx: MutationCtx,
  sessionId: Id<"chatSessions">,
): Promise<boolean> {
  const shares = await ctx.db
    .query("chatShares")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .take(STEP_SHARES);
  for (const { _id } of shares) await deleteShare(ctx, _id);
  return shares.length === STEP_SHARES;
}

async function deleteShare(ctx: MutationCtx, shareId: Id<"chatShares">): Promise<void> {
  await deleteSharePages(ctx, shareId);
  await ctx.db.delete("chatShares", shareId);
}

/** What a share lists, that of a very long chat in steps that follow. The share itself stays. */
export async function deleteSharePages(ctx: MutationCtx, shareId: Id<"chatShares">): Promise<void> {
  const pages = await ctx.db
    .query("chatSharePages")
    .withIndex("by_shareId_and_page", (q) => q.eq("shareId", shareId))
    .take(STEP_PAGES);
  for (const { _id } of pages) await ctx.db.delete("chatSharePages", _id);
  if (pages.length < STEP_PAGES) return;
  await ctx.scheduler.runAfter(0, internal.sharing.links.deletePages, { shareId });
}

/** A step of `deleteSharePages` that follows. */
export const deletePages = internalMutation({
  args: { shareId: v.id("chatShares") },
  returns: v.null(),
  handler: async (ctx, { shareId }) => {
    await deleteSharePages(ctx, shareId);
    return null;
  },
});

async function shareOf(ctx: MutationCtx, token: string): Promise<Doc<"chatShares"> | null> {
  return await ctx.db
    .query("chatShares")
    .withIndex("by_token", (q) => q.eq("token", token))
    .unique();
}
