import fc from "fast-check";
import { parseMarkdownIntoBlocks } from "streamdown";
import { expect, test } from "vitest";
import { growingBlocks } from "./markdown-blocks";

const PIECES = [
  "# Tides\n\n",
  "The water *bulges* on **both** sides.\n\n",
  "A line\nand another\n",
  "\n",
  "- one\n- two\n  - deep\n\n",
  "1. first\n\n   with a paragraph\n2. second\n\n",
  "| a | b |\n|---|---|\n| 1 | 2 |\n\n",
  "```ts\nconst a = 1;\n\nconst b = 2;\n```\n\n",
  "```\nopen\n\n",
  "> quoted\n> twice\n\n",
  "<details>\n<summary>More</summary>\n\ninside\n\n",
  "</details>\n\n",
  "$$\nx^2\n$$\n\n",
  "    indented code\n\n",
  "---\n",
  "Setext\n===\n\n",
  "see[^1]\n\n",
  "[^1]: the note\n\n",
];

test("cutting a text as it grows gives the blocks of cutting it whole, at every step", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }),
      fc.integer({ min: 1, max: 23 }),
      (pieces, step) => {
        const text = pieces.join("");
        const blocks = growingBlocks();
        for (let length = 0; length < text.length + step; length += step) {
          const soFar = text.slice(0, length);
          expect(blocks(soFar)).toEqual(parseMarkdownIntoBlocks(soFar));
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("another text in its place is cut from its own beginning", () => {
  const blocks = growingBlocks();
  const text = "one\n\ntwo\n\nthree\n\nfour\n\nfive\n\n";
  blocks(text);
  expect(blocks("none\n\nof it")).toEqual(parseMarkdownIntoBlocks("none\n\nof it"));
});
