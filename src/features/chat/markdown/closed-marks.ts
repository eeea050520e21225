import remend from "remend";
import { CODE } from "./unsettled-marks";

/** Stars or tildes that stand alone between words, and so mark nothing. */
const ALONE = /(?<=\s)(?:\*\*+|~~+)(?=\s)/;
/** A star before the ending of file names, such as that of `*.ts`, with no other that would end it. */
const ANY_FILE = /(?<=^|[\s(])\*(?=\.\w)(?![^*]*[^\s*]\*)/;
const LITERAL = `${ALONE.source}|${ANY_FILE.source}`;
const CODE_OR_LITERAL = new RegExp(`(?<code>${CODE.source})|${LITERAL}`, "gm");

/**
 * The blocks of a text that goes on or broke off, with an end for each mark that stands open in the
 * last of them: for bold print, code, a link. A blank line ends what was open by itself.
 */
export function withClosedMarks(blocks: readonly string[]): string[] {
  const last = blocks.at(-1) ?? "";
  const block = last.trimEnd();
  const space = last.slice(block.length);
  if (/\n[ \t]*\n/.test(space)) return [...blocks];
  const literal = block.replaceAll(CODE_OR_LITERAL, (...match) => {
    const { code } = match.at(-1) as { readonly code?: string };
    return code ?? match[0].replaceAll(/./g, String.raw`\$&`);
  });
  return [...blocks.slice(0, -1), remend(literal) + space];
}
