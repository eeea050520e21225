import { FORMULA_MARKS } from "./math";

/** What may yet turn out to be the mark of a block: a heading, a list and its box, a quote, a rule. */
const BLOCK_MARK = /^\s*(?:#{1,6}|>|[-=_*]+|(?:[-+*]|\d{1,9}[.)]?)(?:\s+\[[ xX]?\]?)?)?\s*$/;
/** The line that begins or ends a block of code, as long as it may go on. */
const FENCE = /^\s*(?:`{3,}|~{3,})[^`]*$/;
/** What may yet turn out to be the mark of a word, a link, a picture or a formula. */
const WORD_MARK = /(?:[*_~`$\\<]+|!?\[|(?<!\\)\]|(?<=^|\s)!)$/;

const TABLE_ROW = /^ {0,3}\|/;
/** The row below a table's head, as far as it is there. */
const TABLE_RULE = /^ {0,3}\|[ \t:|-]*$/;

/** What is longer than this, in UTF-16 units, is no formula that was left open, and is shown. */
const FORMULA_AT_MOST = 500;

/** Code to its end or, while it has none, to the text's or the paragraph's: a fence, or what stands between backticks. */
export const CODE =
  /^ {0,3}(?<fence>`{3,}|~{3,})[^\n]*(?:\n(?:[\s\S]*?\n {0,3}\k<fence>[`~]*[ \t]*$|[\s\S]*))?|(?<ticks>`+)(?!`)(?:(?!\n\n)[\s\S])*?(?:[^`]\k<ticks>(?!`)|(?=\n\n)|(?![\s\S]))/gm;

/**
 * A growing text without the marks at its end that have no meaning yet. The next words tell what
 * they are, so nobody sees stars turn into bold print, bars into a table or TeX into a formula.
 */
export function withoutUnsettledMarks(text: string): string {
  const prose = text.replaceAll(CODE, (code) => "x".repeat(code.length));
  const start = text.lastIndexOf("\n") + 1;
  const place = openFormula(prose) ?? waitingTable(prose, start);
  if (place !== null) return text.slice(0, place);
  const line = text.slice(start);
  if (BLOCK_MARK.test(line) || FENCE.test(line)) return text.slice(0, start);
  return text.slice(0, start) + line.replace(WORD_MARK, "");
}

/** Where a formula begins that has no end yet. */
function openFormula(prose: string): number | null {
  for (const [opening, closing] of FORMULA_MARKS) {
    const at = prose.lastIndexOf(opening);
    if (at < Math.max(0, prose.length - FORMULA_AT_MOST)) continue;
    const isOpen =
      opening === closing
        ? prose.slice(0, at).split(opening).length % 2 === 1
        : !prose.includes(closing, at);
    if (isOpen) return at;
  }
  return null;
}

/** Where a table begins that nobody can know yet: the row below its head is not whole. */
function waitingTable(prose: string, start: number): number | null {
  const line = prose.slice(start);
  const isRule = line === "" || TABLE_RULE.test(line);
  const headStart = isRule ? lineBefore(prose, start) : start;
  const above = prose.slice(lineBefore(prose, headStart), headStart);
  if (TABLE_ROW.test(prose.slice(headStart)) && !TABLE_ROW.test(above)) return headStart;
  // A bar alone begins a row.
  return line.trim() === "|" ? start : null;
}

/** Where the line begins that ends just before `start`. */
function lineBefore(text: string, start: number): number {
  return start < 2 ? 0 : text.lastIndexOf("\n", start - 2) + 1;
}
