import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import { STREAM_PAGE_CHARACTERS } from "./limits";

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

/** Opens the stream with its first page empty, so that viewers can wait for the first word. */
export async function openStream(
  ctx: MutationCtx,
  { _id: messageId, userId }: Doc<"chatMessages">,
): Promise<void> {
  await ctx.db.insert("chatStreams", { messageId, userId, pages: 1 });
  await ctx.db.insert("chatStreamPages", { messageId, userId, page: 0, text: "", sequence: -1 });
}

/**
 * Adds text at the end. Only the last page changes, and the stream itself only when a page opens.
 * An append whose sequence number was written before changes nothing.
 */
export async function appendText(
  ctx: MutationCtx,
  stream: Doc<"chatStreams">,
  { sequence, text }: { sequence: number; text: string },
): Promise<void> {
  const { messageId, userId, pages } = stream;
  const last = await pageOf(ctx, messageId, pages - 1);
  if (last === null || sequence <= last.sequence) return;
  if (last.text.length < STREAM_PAGE_CHARACTERS) {
    await ctx.db.patch("chatStreamPages", last._id, { text: last.text + text, sequence });
    return;
  }
  await ctx.db.insert("chatStreamPages", { messageId, userId, page: pages, text, sequence });
  await ctx.db.patch("chatStreams", stream._id, { pages: pages + 1 });
}

/** All that was written so far. */
export async function writtenText(ctx: QueryCtx, messageId: Id<"chatMessages">): Promise<string> {
  const pages = await allPages(ctx, messageId);
  return pages.map(({ text }) => text).join("");
}

export async function deleteStream(ctx: MutationCtx, messageId: Id<"chatMessages">): Promise<void> {
  const stream = await streamOf(ctx, messageId);
  if (stream === null) return;
  for (const page of await allPages(ctx, messageId)) {
    await ctx.db.delete("chatStreamPages", page._id);
  }
  await ctx.db.delete("chatStreams", stream._id);
}

/** As many as the answer is long; the model's limit on an answer bounds them. */
async function allPages(ctx: QueryCtx, messageId: Id<"chatMessages">) {
  return await ctx.db
    .query("chatStreamPages")
    .withIndex("by_messageId_and_page", (q) => q.eq("messageId", messageId))
    .collect();
}
