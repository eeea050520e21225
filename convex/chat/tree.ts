import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import { appError } from "../lib/errors";
import { isNearlySpent } from "./room";

/*
 * The messages of a session are a tree: each stands below the one that it follows. Messages below
 * the same one are versions of each other (an answer that was asked for again, a question that was
 * edited); one of them is chosen. What is shown is the path of chosen messages from the root. A
 * message on that path says so itself (`isShown`), so that reading a chat needs no walk; a path is
 * in the order of creation, because nothing is written above what it follows.
 */

type Message = Doc<"chatMessages">;
type SessionId = Id<"chatSessions">;

/** How many versions one message may have. */
export const MAX_VERSIONS = 50;

/** What a message stores of its place in the tree. */
export type Placement = Pick<
  Message,
  "parentId" | "isShown" | "isChosen" | "version" | "versionCount"
>;

/** The end of what is shown, or `null` in an empty session. */
export async function lastShown(ctx: QueryCtx, sessionId: SessionId): Promise<Message | null> {
  return await ctx.db
    .query("chatMessages")
    .withIndex("by_sessionId_and_isShown", (q) => q.eq("sessionId", sessionId).eq("isShown", true))
    .order("desc")
    .first();
}

/**
 * Up to `count` messages above `message`, oldest first: what had been said when it was written. The
 * nearest is among them; of the others, as many as there is room for in the transaction.
 */
export async function pathTo(ctx: QueryCtx, message: Message, count: number): Promise<Message[]> {
  const path: Message[] = [];
  let above = await parentOf(ctx, message);
  while (above !== null && path.length < count) {
    path.push(above);
    if (await isNearlySpent(ctx)) break;
    above = await parentOf(ctx, above);
  }
  return path.toReversed();
}

/**
 * The place of a new message below `parent` (`null`: at the root), to which the shown path then
 * leads. What was shown there before stays as an earlier version of it.
 *
 * @throws TOO_MANY_VERSIONS, TOO_LONG_TO_SWITCH
 */
export async function placeBelow(
  ctx: MutationCtx,
  sessionId: SessionId,
  parent: Message | null,
): Promise<Placement> {
  const siblings = await childrenOf(ctx, sessionId, parent?._id ?? null);
  const versionCount = siblings.length + 1;
  if (versionCount > MAX_VERSIONS) throw tooManyVersions();
  if (parent !== null) await showPathTo(ctx, parent);
  if (siblings.length > 0) await hideBelow(ctx, sessionId, parent);
  for (const { _id } of siblings) {
    await ctx.db.patch("chatMessages", _id, { isChosen: false, versionCount });
  }
  return {
    parentId: parent?._id ?? null,
    isShown: true,
    isChosen: true,
    version: versionCount,
    versionCount,
  };
}

/** Whether anything follows this message, in any version. */
export async function hasChildren(ctx: QueryCtx, { sessionId, _id }: Message): Promise<boolean> {
  const child = await ctx.db
    .query("chatMessages")
    .withIndex("by_sessionId_and_parentId", (q) => q.eq("sessionId", sessionId).eq("parentId", _id))
    .first();
  return child !== null;
}

/** What was chosen of the messages below this one, if anything follows it. */
export async function chosenBelow(
  ctx: QueryCtx,
  { sessionId, _id }: Message,
): Promise<Message | null> {
  const children = await childrenOf(ctx, sessionId, _id);
  return children.find(({ isChosen }) => isChosen) ?? null;
}

/** The versions of a message, itself among them. */
export async function versionsOf(ctx: QueryCtx, message: Message): Promise<Message[]> {
  return await childrenOf(ctx, message.sessionId, message.parentId);
}

/**
 * Makes the shown path lead through `message`, and on through what was chosen below it when it was
 * last shown.
 *
 * @throws TOO_LONG_TO_SWITCH
 */
export async function reveal(ctx: MutationCtx, message: Message): Promise<void> {
  if (message.isShown) return;
  await showPathTo(ctx, message);
  await showChosenBelow(ctx, message);
}

/** Makes the shown path end in `message`, unless it leads through it already. */
async function showPathTo(ctx: MutationCtx, message: Message): Promise<void> {
  const turns: Message[] = [];
  let above: Message | null = message;
  while (above !== null && !above.isShown) {
    await refuseWhenTooLong(ctx);
    turns.push(above);
    above = await parentOf(ctx, above);
  }
  if (turns.length === 0) return;
  await hideBelow(ctx, message.sessionId, above);
  for (const turn of turns) {
    await refuseWhenTooLong(ctx);
    for (const { _id, isChosen } of await versionsOf(ctx, turn)) {
      if (_id === turn._id) {
        await ctx.db.patch("chatMessages", _id, { isChosen: true, isShown: true });
      } else if (isChosen) await ctx.db.patch("chatMessages", _id, { isChosen: false });
    }
  }
}

async function showChosenBelow(ctx: MutationCtx, message: Message): Promise<void> {
  let chosen = await chosenBelow(ctx, message);
  while (chosen !== null) {
    await refuseWhenTooLong(ctx);
    await ctx.db.patch("chatMessages", chosen._id, { isShown: true });
    chosen = await chosenBelow(ctx, chosen);
  }
}

async function hideBelow(ctx: MutationCtx, sessionId: SessionId, parent: Message | null) {
  const below = ctx.db.query("chatMessages").withIndex("by_sessionId_and_isShown", (q) =>
    q
      .eq("sessionId", sessionId)
      .eq("isShown", true)
      .gt("_creationTime", parent?._creationTime ?? 0),
  );
  for await (const { _id } of below) {
    await refuseWhenTooLong(ctx);
    await ctx.db.patch("chatMessages", _id, { isShown: false });
  }
}

async function parentOf(ctx: QueryCtx, { parentId }: Message): Promise<Message | null> {
  return parentId === null ? null : await ctx.db.get("chatMessages", parentId);
}

/** In the order of their version numbers. `MAX_VERSIONS` bounds them. */
async function childrenOf(
  ctx: QueryCtx,
  sessionId: SessionId,
  parentId: Id<"chatMessages"> | null,
): Promise<Message[]> {
  return await ctx.db
    .query("chatMessages")
    .withIndex("by_sessionId_and_parentId", (q) =>
      q.eq("sessionId", sessionId).eq("parentId", parentId),
    )
    .take(MAX_VERSIONS);
}

function tooManyVersions() {
  return appError(
    "TOO_MANY_VERSIONS",
    `A message has at most ${MAX_VERSIONS} versions. Send a new message instead. Nothing was charged.`,
  );
}

/** @throws TOO_LONG_TO_SWITCH when there is no room in the transaction for one more message */
async function refuseWhenTooLong(ctx: QueryCtx): Promise<void> {
  if (!(await isNearlySpent(ctx))) return;
  throw appError(
    "TOO_LONG_TO_SWITCH",
    "Too much follows here to change this one. Start a new chat instead. Nothing was charged.",
  );
}
