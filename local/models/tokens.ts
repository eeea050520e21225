/** The longest piece, in characters, that goes out as one token. */
const LONGEST_TOKEN = 8;

const PIECE = new RegExp(
  `\\s?[\\p{L}\\p{M}\\p{N}]{1,${LONGEST_TOKEN}}|\\s?[^\\s\\p{L}\\p{M}\\p{N}]{1,2}|\\s{1,${LONGEST_TOKEN}}`,
  "gu",
);

/**
 * Cuts a text into pieces the size of a model's tokens: a short word with the blank before it, a
 * part of a long word, a mark. The pieces joined are the text. Not a real vocabulary, so that the
 * server starts without loading one.
 */
export function splitTokens(text: string): string[] {
  return text.match(PIECE) ?? [];
}

/** How many tokens a text counts for in `usage`. */
export function countTokens(text: string): number {
  return splitTokens(text).length;
}
