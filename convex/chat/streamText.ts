import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import { wholeCharacters } from "../lib/characters";
import { ANSWER_MAX_CHARACTERS, STREAM_PAGE_CHARACTERS } from "./limits";
import type { Chunk } from "./writer";

/** More are not told apart. */
const COUNTED_STREAMS = 24;

/** The stream of an answer that is being written, or `null` before and after. */
export async function streamOf(
  ctx: QueryCtx,
  messageId: Id<"chatMessages">,
): Promise<Doc<"chatStreams"> | null> {
  return await ctx.db
    .query("chatStreams")
    .withIndex("by_messageId", (q) => q.eq("messageId", messageId))
    .unique();
}

/** How many answers are being written for a person beside one that is. */
export async function streamsBeside(ctx: QueryCtx, userId: Id<"users">): Promise<number> {
  const streams = await ctx.db
    .query("chatStreams")
    .withIndex("by_userId", (q) => q.eq("userId", userId))
    .take(COUNTED_STREAMS);
  return streams.length - 1;
}

/** That page of an answer that is being written, from 0; `null` while it has not opened. */
export async function pageOf(
  ctx: QueryCtx,
  messageId: Id<"chatMessages">,
  page: number,
): Promise<Doc<"chatStreamPages"> | null> {
  return await ctx.db
    .query("chatStreamPages")
    .withIndex("by_messageId_and_page", (q) => q.eq("messageId", messageId).eq("page", page))
    .unique();
}

/**
 * Opens the stream with its first page empty, so that viewers can wait for the first word.
 *
 * @returns that page
 */
export async function openStream(
  ctx: MutationCtx,
  { _id: messageId, userId }: Doc<"chatMessages">,
): Promise<Id<"chatStreamPages">> {
  await ctx.db.insert("chatStreams", { messageId, userId, pages: 1 });
  const first = { messageId, userId, page: 0, text: "", sequence: -1 };
  return await ctx.db.insert("chatStreamPages", first);
}

/**
 * Adds text at the end. Only the last page changes, and the stream itself only when a page opens.
 * An append whose sequence number was written before changes nothing.
 *
 * @param page the page that the writer knows as the last; a full one may have a successor by now
 * @returns the page that the next append goes to
 */
export async function appendText(
  ctx: MutationCtx,
  page: Doc<"chatStreamPages">,
  { sequence, text }: Chunk,
): Promise<Id<"chatStreamPages">> {
  if (sequence <= page.sequence) return page._id;
  if (page.text.length < STREAM_PAGE_CHARACTERS) {
    await ctx.db.patch("chatStreamPages", page._id, { text: page.text + text, sequence });
    return page._id;
  }
  const { messageId, userId } = page;
  const next = await pageOf(ctx, messageId, page.page + 1);
  if (next !== null) return await appendText(ctx, next, { sequence, text });
  const stream = await streamOf(ctx, messageId);
  if (stream !== null) await ctx.db.patch("chatStreams", stream._id, { pages: stream.pages + 1 });
  const opened = { messageId, userId, page: page.page + 1, text, sequence };
  return await ctx.db.insert("chatStreamPages", opened);
}

/** All that was written so far, as far as it may be: whatever there is of an answer, it can be ended. */
export async function writtenText(ctx: QueryCtx, messageId: Id<"chatMessages">): Promise<string> {
  const pages = await allPages(ctx, messageId);
  return wholeCharacters(pages.map(({ text }) => text).join(""), ANSWER_MAX_CHARACTERS);
}

/** Removes the stream of an answer that has ended, with its pages. */
export async function deleteStream(ctx: MutationCtx, messageId: Id<"chatMessages">): Promise<void> {
  const stream = await streamOf(ctx, messageId);
  if (stream === null) return;
  for (const page of await allPages(ctx, messageId)) {
    await ctx.db.delete("chatStreamPages", page._id);
  }
  await ctx.db.delete("chatStreams", stream._id);
}

/** As many as the answer is long: `ANSWER_MAX_CHARACTERS` bounds them. */
async function allPages(ctx: QueryCtx, messageId: Id<"chatMessages">) {
  return await ctx.db
    .query("chatStreamPages")
    .withIndex("by_messageId_and_page", (q) => q.eq("messageId", messageId))
    .collect();
}
