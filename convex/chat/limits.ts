/** Limits of a chat that the page and the server share. Lengths are in UTF-16 code units. */

import { oneLine, wholeCharacters } from "../lib/characters";

/** The longest message that a person may send. */
export const MESSAGE_MAX_CHARACTERS = 16_000;

/**
 * An answer is ended here. A token may be a hundred blanks or dashes, so what bounds a model's tokens
 * bounds no text, and a document holds 1 MiB: this much of the widest characters is 600 KB.
 */
export const ANSWER_MAX_CHARACTERS = 200_000;

/** A paste longer than this becomes an attachment. */
export const LONG_PASTE_CHARACTERS = 2000;
/** Attachments of one message: how many, how long each, and how long together. */
export const ATTACHMENTS_MAX = 5;
export const ATTACHMENT_MAX_CHARACTERS = 60_000;
export const ATTACHMENTS_MAX_CHARACTERS = 120_000;
export const ATTACHMENT_NAME_MAX_CHARACTERS = 80;

/** How many messages may wait in a chat for the answer that is being written. */
export const QUEUE_MAX = 10;

/** How long a message that waits stays held after its editor last said that it is open. */
export const HOLD_LEASE_MS = 180_000;

/** How many tokens of a person's projects and tasks the model is told at most. */
export const CONTEXT_MAX_TOKENS = 2000;

/** How much text a page of a growing answer holds before the next one opens. */
export const STREAM_PAGE_CHARACTERS = 512;

/** The longest name that a person may give a session. */
export const TITLE_MAX_CHARACTERS = 120;

/** How long a title is that is not a person's own. */
const SHORT_TITLE_CHARACTERS = 60;

/** So many sessions can be archived or deleted in one step. */
export const SELECTED_MAX = 100;

/** A text as a title: its beginning on one line, cut between words. */
export function titleOf(content: string): string {
  const line = oneLine(content);
  if (line.length <= SHORT_TITLE_CHARACTERS) return line;
  const cut = wholeCharacters(line, SHORT_TITLE_CHARACTERS - 1);
  const lastSpace = cut.lastIndexOf(" ");
  return `${lastSpace > SHORT_TITLE_CHARACTERS / 2 ? cut.slice(0, lastSpace) : cut}…`;
}
