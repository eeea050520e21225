import { wholeCharacters } from "../lib/characters";

/** A piece of a text, and where in it stands what was searched for. In UTF-16 code units. */
export interface Snippet {
  readonly text: string;
  readonly marks: { start: number; end: number }[];
}

/** Characters shown before the first found word, and in all. */
const LEAD_CHARACTERS = 48;
const SNIPPET_CHARACTERS = 180;

/** Convex searches for at most this many words. */
const MAX_WORDS = 16;

/** The words of a query as the search index cuts them: letters and digits, whatever their case. */
export function searchWords(query: string): string[] {
  return (query.match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, MAX_WORDS);
}

/**
 * The part of a text around the first place where one of the words begins a word, on one line, with
 * every such place marked. The beginning of the text when there is none.
 *
 * @param words as `searchWords` gives them
 */
export function snippetOf(text: string, words: readonly string[]): Snippet {
  const found = beginningWith(words);
  const first = found === null ? 0 : text.search(found);
  const start = first <= LEAD_CHARACTERS ? 0 : wordStart(text, first - LEAD_CHARACTERS, first);
  // Blanks that are folded later take more of the text than is shown.
  const piece = text.slice(start, start + 4 * SNIPPET_CHARACTERS);
  const line = wholeCharacters(plain(piece), SNIPPET_CHARACTERS);
  const isCut = start + piece.length < text.length || line.length < plain(piece).length;
  const shown = `${start > 0 ? "…" : ""}${line.trimEnd()}${isCut ? "…" : ""}`;
  return { text: shown, marks: found === null ? [] : marksIn(shown, found) };
}

function marksIn(text: string, found: RegExp): Snippet["marks"] {
  return Array.from(text.matchAll(found), ({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
  }));
}

function beginningWith(words: readonly string[]): RegExp | null {
  if (words.length === 0) return null;
  // Longer ones first: of two that begin alike the longer is marked.
  const choices = words.toSorted((a, b) => b.length - a.length).join("|");
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${choices})`, "giu");
}

/** The first beginning of a word from `from` on, and `limit` when there is none before it. */
function wordStart(text: string, from: number, limit: number): number {
  const blank = text.slice(from, limit).search(/\s[\p{L}\p{N}]/u);
  return blank === -1 ? limit : from + blank + 1;
}

/** On one line, without the marks of headings, tables, quotes and emphasis. */
function plain(markdown: string): string {
  return markdown
    .replace(/^[ \t]*(?:#{1,6}|>|[-*+]|\|?[\s:|-]*\|)[ \t]+/gm, "")
    .replace(/\*\*|`+|\|/g, " ")
    .replace(/\s+/g, " ")
    .trimStart();
}
