/** What may yet turn out to be the mark of a block: a heading, a list and its box, a quote, a rule. */
const BLOCK_MARK = /^\s*(?:#{1,6}|>|[-=_*]+|(?:[-+*]|\d{1,9}[.)]?)(?:\s+\[[ xX]?\]?)?)?\s*$/;
/** The line that begins or ends a block of code, as long as it may go on. */
const FENCE = /^\s*(?:`{3,}|~{3,})[^`]*$/;
/** What may yet turn out to be the mark of a word, a link, a picture or a formula. */
const WORD_MARK = /(?:[*_~`$\\<]+|!?\[|(?<!\\)\]|(?<=^|\s)!)$/;

const TABLE_ROW = /^ {0,3}\|/;
/** The row below a table's head, as far as it is there. */
const TABLE_RULE = /^ {0,3}\|[ \t:|-]*$/;

/** The marks around a formula. */
const FORMULAS = [
  ["\\(", "\\)"],
  ["\\[", "\\]"],
  ["$$", "$$"],
] as const;
/** What is longer than this, in UTF-16 units, is no formula that was left open, and is shown. */
const FORMULA_AT_MOST = 500;

/**
 * A growing text without the marks at its end that have no meaning yet. The next words tell what
 * they are, so nobody sees stars turn into bold print, bars into a table or TeX into a formula.
 */
export function withoutUnsettledMarks(text: string): string {
  const formula = openFormula(text);
  if (formula !== null) return text.slice(0, formula);
  const start = text.lastIndexOf("\n") + 1;
  const line = text.slice(start);
  const table = waitingTable(text, start);
  if (table !== null) return text.slice(0, table);
  if (BLOCK_MARK.test(line) || FENCE.test(line)) return text.slice(0, start);
  return text.slice(0, start) + line.replace(WORD_MARK, "");
}

/** Where a formula begins that has no end yet. */
function openFormula(text: string): number | null {
  const from = Math.max(0, text.length - FORMULA_AT_MOST);
  for (const [opening, closing] of FORMULAS) {
    const at = text.lastIndexOf(opening);
    if (at < from || isInCode(text, at)) continue;
    const isOpen =
      opening === closing
        ? text.slice(0, at).split(opening).length % 2 === 1
        : !text.includes(closing, at);
    if (isOpen) return at;
  }
  return null;
}

/** Where a table begins that nobody can know yet: the row below its head is not whole. */
function waitingTable(text: string, start: number): number | null {
  const line = text.slice(start);
  const isRule = line === "" || TABLE_RULE.test(line);
  const headStart = isRule ? lineBefore(text, start) : start;
  const above = text.slice(lineBefore(text, headStart), headStart);
  const isHead = TABLE_ROW.test(text.slice(headStart)) && !TABLE_ROW.test(above);
  if (isHead && !isInCode(text, headStart)) return headStart;
  // A bar alone begins a row.
  return line.trim() === "|" ? start : null;
}

/** Where the line begins that ends just before `start`. */
function lineBefore(text: string, start: number): number {
  return start < 2 ? 0 : text.lastIndexOf("\n", start - 2) + 1;
}

/** Whether the place is in a block of code, or between backticks. */
function isInCode(text: string, at: number): boolean {
  let fence = "";
  for (const { index, 1: found = "" } of text.matchAll(/^ {0,3}(`{3,}|~{3,})/gm)) {
    if (index >= at) break;
    if (fence === "") fence = found;
    else if (found.startsWith(fence)) fence = "";
  }
  const paragraph = text.slice(text.lastIndexOf("\n\n", at) + 1, at);
  return fence !== "" || paragraph.split("`").length % 2 === 0;
}
