import {
  ATTACHMENT_MAX_CHARACTERS,
  ATTACHMENTS_MAX,
  ATTACHMENTS_MAX_CHARACTERS,
} from "../../../../convex/chat/limits";
import { isBlank } from "../../../../convex/lib/characters";
import type { DraftAttachment } from "./drafts";

/** Why a text cannot be attached to a message besides `present`, in a sentence; `null` if it can. */
export function attachmentProblem(
  present: readonly DraftAttachment[],
  { name, text }: DraftAttachment,
): string | null {
  if (text.includes("\0")) return `“${name}” is not a text file. Only those can be attached.`;
  if (isBlank(text)) return `“${name}” is empty.`;
  if (present.length >= ATTACHMENTS_MAX) {
    return `“${name}” is one too many: a message takes at most ${ATTACHMENTS_MAX} attachments.`;
  }
  if (text.length > ATTACHMENT_MAX_CHARACTERS) return tooLong(name);
  const total = present.reduce((sum, each) => sum + each.text.length, text.length);
  return total > ATTACHMENTS_MAX_CHARACTERS
    ? `“${name}” does not fit: together, attachments have at most ${count(ATTACHMENTS_MAX_CHARACTERS)} characters.`
    : null;
}

/** The refusal of one that is too long by itself. */
export function tooLong(name: string): string {
  return `“${name}” is too long: an attachment has at most ${count(ATTACHMENT_MAX_CHARACTERS)} characters.`;
}

function count(number: number): string {
  return number.toLocaleString("en");
}
