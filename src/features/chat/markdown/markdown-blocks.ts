import { parseMarkdownIntoBlocks } from "streamdown";

/** The last blocks of a text may still change their bounds when more of it comes. */
const UNSETTLED_BLOCKS = 2;

/**
 * Cuts a growing markdown text into its blocks, so that only the last of them is drawn again. Each
 * call looks only at what lies behind the blocks that are settled: without that, every new word of
 * a long answer would cost a walk through all of it.
 *
 * Footnotes tie blocks together over any distance; a text with some is cut anew each time.
 */
export function growingBlocks(): (markdown: string) => string[] {
  let settled: string[] = [];
  let settledText = "";
  return (markdown) => {
    if (!markdown.startsWith(settledText) || markdown.includes("[^")) {
      settled = [];
      settledText = "";
    }
    const rest = parseMarkdownIntoBlocks(markdown.slice(settledText.length));
    const blocks = [...settled, ...rest];
    const newlySettled = rest.slice(0, -UNSETTLED_BLOCKS);
    if (newlySettled.length > 0 && blocks.join("") === markdown) {
      settled = blocks.slice(0, -UNSETTLED_BLOCKS);
      settledText += newlySettled.join("");
    }
    return blocks;
  };
}
