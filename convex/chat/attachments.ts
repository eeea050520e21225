import { type Infer, v } from "convex/values";
import type { Doc } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import { isBlank, oneLine, wholeCharacters } from "../lib/characters";
import { appError } from "../lib/errors";
import { authenticatedQuery, owned } from "../lib/functions";
import {
  ATTACHMENT_MAX_CHARACTERS,
  ATTACHMENT_NAME_MAX_CHARACTERS,
  ATTACHMENTS_MAX,
  ATTACHMENTS_MAX_CHARACTERS,
} from "./limits";
import type { attachmentView, newAttachment } from "./tables";

export type NewAttachment = Infer<typeof newAttachment>;
export type Attachment = Infer<typeof attachmentView>;

/**
 * The whole text of an attachment of the person's own message.
 *
 * @throws NOT_FOUND
 */
export const attachmentText = authenticatedQuery({
  args: { attachmentId: v.id("chatAttachments") },
  returns: v.string(),
  handler: async (ctx, { attachmentId }) => {
    const found = await ctx.db.get("chatAttachments", attachmentId);
    return owned(found, ctx.userId, "There is no such attachment.").text;
  },
});

/**
 * Attachments as they are kept: the empty ones left out, with names of one line.
 *
 * @throws ATTACHMENT_REFUSED with the limit that is passed
 */
export function acceptedAttachments(attachments: readonly NewAttachment[]): NewAttachment[] {
  const kept = attachments
    .filter(({ text }) => !isBlank(text))
    .map(({ name, text }) => ({ name: nameOf(name), text }));
  const total = kept.reduce((sum, { text }) => sum + text.length, 0);
  if (kept.length > ATTACHMENTS_MAX) throw refused(`${ATTACHMENTS_MAX} attachments`);
  if (kept.some(({ text }) => text.length > ATTACHMENT_MAX_CHARACTERS)) {
    throw refused(`${ATTACHMENT_MAX_CHARACTERS.toLocaleString("en")} characters in an attachment`);
  }
  if (total > ATTACHMENTS_MAX_CHARACTERS) {
    throw refused(
      `${ATTACHMENTS_MAX_CHARACTERS.toLocaleString("en")} characters in all its attachments`,
    );
  }
  return kept;
}

/** Stores the texts, and gives what the message keeps of them. */
export async function keepAttachments(
  ctx: MutationCtx,
  { _id: sessionId, userId }: Doc<"chatSessions">,
  attachments: readonly NewAttachment[],
): Promise<Attachment[]> {
  const kept: Attachment[] = [];
  for (const { name, text } of attachments) {
    const id = await ctx.db.insert("chatAttachments", { userId, sessionId, name, text });
    kept.push({ id, name, characters: text.length });
  }
  return kept;
}

/** A message as the model reads it: its text, and its attachments behind it. */
export async function textForModel(
  ctx: QueryCtx,
  { content, attachments = [] }: Doc<"chatMessages">,
): Promise<string> {
  const parts = [content];
  for (const { id, name } of attachments) {
    const found = await ctx.db.get("chatAttachments", id);
    if (found !== null) parts.push(`[Attachment: ${name}]\n${found.text}\n[End of ${name}]`);
  }
  return parts.join("\n\n");
}

/** Removes the texts of a message that is removed. */
export async function deleteAttachments(
  ctx: MutationCtx,
  { attachments = [] }: Doc<"chatMessages">,
): Promise<void> {
  for (const { id } of attachments) {
    // Another version of the message may have had it too.
    if ((await ctx.db.get("chatAttachments", id)) !== null) {
      await ctx.db.delete("chatAttachments", id);
    }
  }
}

function nameOf(name: string): string {
  const line = wholeCharacters(oneLine(name), ATTACHMENT_NAME_MAX_CHARACTERS);
  return line === "" ? "Attachment" : line;
}

function refused(limit: string) {
  return appError("ATTACHMENT_REFUSED", `A message has at most ${limit}. Nothing was charged.`);
}
