import { v } from "convex/values";
import { internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import { internalMutation, type MutationCtx } from "../_generated/server";
import { isRenewing } from "../billing/records";
import { deleteStream } from "../chat/streamText";
import { appError } from "../lib/errors";
import { authenticatedMutation } from "../lib/functions";
import { HOUR_MS } from "../lib/time";
import { deleteSharePages } from "../sharing/links";
import { deletionOf } from "./arrangedDeletion";
import { UNDO_WINDOW_MS } from "./limits";
import { OWNED_TABLES, rowsOf } from "./ownedTables";
import { mailboxOf } from "./password";

/** What was under way when it began may write a little later: that goes in a last round. */
export const LAST_ROUND_AFTER_MS = 2 * HOUR_MS;
/** Rows that one step deletes. A page's text may have 600 kB, and each row is read twice. */
const BATCH = 10;

/**
 * Arranges the deletion of the account and of everything in it. Until it begins, everything works
 * and `cancelDeletion` takes it back. Asking twice changes nothing.
 *
 * @throws INVALID_REQUEST when the email typed is not the account's; PRO_IS_RUNNING
 */
export const requestDeletion = authenticatedMutation({
  args: {
    /** The account's own address, typed by the person. */
    email: v.string(),
  },
  returns: v.object({ deletionAt: v.number() }),
  handler: async (ctx, { email }) => {
    const user = await ctx.db.get("users", ctx.userId);
    if (mailboxOf(email) !== mailboxOf(user?.email ?? "")) {
      throw appError("INVALID_REQUEST", "That is not the email of this account. Nothing was done.");
    }
    if (await isRenewing(ctx, ctx.userId)) throw proIsRunning();
    const earlier = await deletionOf(ctx, ctx.userId);
    if (earlier !== null) return { deletionAt: earlier.beginsAt };
    const beginsAt = Date.now() + UNDO_WINDOW_MS;
    const deletionId = await ctx.db.insert("accountDeletions", {
      userId: ctx.userId,
      beginsAt,
      hasBegun: false,
    });
    await ctx.scheduler.runAt(beginsAt, internal.account.deletion.step, { deletionId });
    return { deletionAt: beginsAt };
  },
});

/**
 * Keeps the account after all. Nothing happens when there is nothing to take back.
 *
 * @throws NOT_FOUND once the deletion has begun
 */
export const cancelDeletion = authenticatedMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const deletion = await deletionOf(ctx, ctx.userId);
    if (deletion === null) return null;
    if (deletion.hasBegun) throw appError("NOT_FOUND", "It is too late: the deletion has begun.");
    await ctx.db.delete("accountDeletions", deletion._id);
    return null;
  },
});

/**
 * Deletes one batch and arranges the next step in the same transaction, so that a crash leaves
 * either both or neither. First whatever lets the person in, then everything else, then the person.
 * Somebody who got Pro after all keeps the account: nobody could cancel it any more.
 */
export const step = internalMutation({
  args: { deletionId: v.id("accountDeletions") },
  returns: v.null(),
  handler: async (ctx, { deletionId }) => {
    const deletion = await ctx.db.get("accountDeletions", deletionId);
    if (deletion === null || deletion.beginsAt > Date.now()) return null;
    const { userId } = deletion;
    if (!deletion.hasBegun) {
      if (await isRenewing(ctx, userId)) {
        await ctx.db.delete("accountDeletions", deletionId);
        return null;
      }
      await ctx.db.patch("accountDeletions", deletionId, { hasBegun: true });
    }
    const deleted = (await deleteEntrance(ctx, userId)) || (await deleteRows(ctx, userId));
    const next = internal.account.deletion.step;
    if (deleted) await ctx.scheduler.runAfter(0, next, { deletionId });
    else if ((await ctx.db.get("users", userId)) !== null) {
      await ctx.db.delete("users", userId);
      await ctx.scheduler.runAfter(LAST_ROUND_AFTER_MS, next, { deletionId });
    } else if (isLastRound(deletion)) await ctx.db.delete("accountDeletions", deletionId);
    return null;
  },
});

/** Goes on with deletions whose next step never came. Run by a cron. */
export const resume = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const due = await ctx.db
      .query("accountDeletions")
      .withIndex("by_beginsAt", (q) => q.lt("beginsAt", Date.now() - HOUR_MS))
      .take(BATCH);
    for (const { _id: deletionId } of due) {
      await ctx.scheduler.runAfter(0, internal.account.deletion.step, { deletionId });
    }
    return null;
  },
});

const isLastRound = ({ beginsAt }: Doc<"accountDeletions">) =>
  Date.now() >= beginsAt + LAST_ROUND_AFTER_MS;

/** Sessions with their tokens, then the accounts that make new ones. @returns whether there was any */
async function deleteEntrance(ctx: MutationCtx, userId: Id<"users">): Promise<boolean> {
  const session = await ctx.db
    .query("authSessions")
    .withIndex("userId", (q) => q.eq("userId", userId))
    .first();
  if (session !== null) {
    const tokens = await ctx.db
      .query("authRefreshTokens")
      .withIndex("sessionId", (q) => q.eq("sessionId", session._id))
      .take(BATCH);
    for (const { _id } of tokens) await ctx.db.delete("authRefreshTokens", _id);
    if (tokens.length < BATCH) await ctx.db.delete("authSessions", session._id);
    return true;
  }
  const account = await ctx.db
    .query("authAccounts")
    .withIndex("userIdAndProvider", (q) => q.eq("userId", userId))
    .first();
  if (account === null) return false;
  const codes = await ctx.db
    .query("authVerificationCodes")
    .withIndex("accountId", (q) => q.eq("accountId", account._id))
    .collect();
  for (const { _id } of codes) await ctx.db.delete("authVerificationCodes", _id);
  await ctx.db.delete("authAccounts", account._id);
  return true;
}

/** One batch of the first table that has any. @returns whether there was any */
async function deleteRows(ctx: MutationCtx, userId: Id<"users">): Promise<boolean> {
  for (const owned of OWNED_TABLES) {
    const rows = await rowsOf(ctx, owned, userId).take(BATCH);
    for (const row of rows) {
      await deleteWith(ctx, owned.table, row._id);
      await ctx.db.delete(owned.table as "projects", row._id);
    }
    if (rows.length > 0) return true;
  }
  return false;
}

/** What belongs to a row and is found by it alone. */
async function deleteWith(ctx: MutationCtx, table: string, rowId: string): Promise<void> {
  if (table === "chatMessages") await deleteStream(ctx, rowId as Id<"chatMessages">);
  if (table === "chatShares") await deleteSharePages(ctx, rowId as Id<"chatShares">);
}

function proIsRunning() {
  return appError(
    "PRO_IS_RUNNING",
    "Cancel Pro on the pricing page first, so that it is not paid for any longer. Nothing was done.",
  );
}
