import { render } from "@testing-library/react";
import fc from "fast-check";
import { expect, test } from "vitest";
import { MarkdownRenderer } from "./markdown-renderer";
import { withoutUnsettledMarks } from "./unsettled-marks";

test.each([
  // What has no meaning yet waits.
  ["Some **", "Some "],
  ["Some **bold*", "Some **bold"],
  ["Some `", "Some "],
  ["See [the manual]", "See [the manual"],
  ["See ![", "See "],
  ["See !", "See "],
  ["It costs \\", "It costs "],
  ["Above\n\n##", "Above\n\n"],
  ["Above\n\n- ", "Above\n\n"],
  ["Above\n\n- [x]", "Above\n\n"],
  ["Above\n12.", "Above\n"],
  ["Above\n--", "Above\n"],
  ["Above\n\n```ts", "Above\n\n"],
  ["| step | who", ""],
  ["As a table:\n\n| step | who |\n", "As a table:\n\n"],
  ["As a table:\n| step | who |\n| --- |", "As a table:\n"],
  ["| step | who |\n| --- | --- |\n|", "| step | who |\n| --- | --- |\n"],
  ["It is \\(a + b", "It is "],
  ["It is\n\\[\na + b\n", "It is\n"],
  ["It is\n$$\na + b", "It is\n"],
  // What has one stands.
  ["", ""],
  ["Yes!", "Yes!"],
  ["a - b", "a - b"],
  ["Above\n\n- one", "Above\n\n- one"],
  ["Above\n\n2024 was", "Above\n\n2024 was"],
  ["| step | who |\n| --- | --- |\n", "| step | who |\n| --- | --- |\n"],
  ["| step | who |\n| --- | --- |\n| a", "| step | who |\n| --- | --- |\n| a"],
  ["| step | who |\nno table", "| step | who |\nno table"],
  ["```\n| a bar in code", "```\n| a bar in code"],
  ["```\n$$ in code", "```\n$$ in code"],
  ["`\\(` in code", "`\\(` in code"],
  ["```\n$$\n```\n\nIt is $$a$$ and", "```\n$$\n```\n\nIt is $$a$$ and"],
  ["`$$` is a shell's number, and $$a$$ b", "`$$` is a shell's number, and $$a$$ b"],
  ["`\\(` and ``a ` b`` and `| c", "`\\(` and ``a ` b`` and `| c"],
  ["It is \\(a + b\\) and", "It is \\(a + b\\) and"],
  ["It is\n\\[\na + b\n\\]", "It is\n\\[\na + b\n\\]"],
  ["$$\na\n$$\nand", "$$\na\n$$\nand"],
  [`$$ is no formula, ${"word ".repeat(100)}`, `$$ is no formula, ${"word ".repeat(100)}`],
])("%j is shown as %j", (text, shown) => {
  expect(withoutUnsettledMarks(text)).toBe(shown);
});

const MARKDOWN = `# A heading

Some **bold text**, *emphasis*, ~~struck~~ and \`code\` with a [link to it](https://example.com/?a=1).

Another heading
---

- one **item**
  - nested \`code\`
1. **First** thing
2. _Second_ thing

> quoted **text**

| step | who does it | how long |
| --- | :---: | ---: |
| one | **two** | three |

\`\`\`ts
const bar = "|";
\`\`\`

- [ ] to do
- [x] done

***

Two times three is **six**, and ~~nine~~ not.

![a picture](https://example.com/a.png) and <b>more</b> of it.

The end!
`;
const RAW = /[*#`|[\]~_<>]|--|^- |^\d+\.?$/m;

test("no mark is seen as it was written, wherever a text has come to", () => {
  const { container, rerender } = render(<MarkdownRenderer text="" state="growing" />);
  for (let end = 1; end <= MARKDOWN.length; end++) {
    const text = withoutUnsettledMarks(MARKDOWN.slice(0, end));
    rerender(<MarkdownRenderer text={text} state="growing" />);
    const seen = container.cloneNode(true) as HTMLElement;
    for (const code of seen.querySelectorAll("pre")) code.remove();
    const raw = RAW.exec(seen.textContent)?.[0] ?? null;
    expect({ end: MARKDOWN.slice(0, end), raw }).toMatchObject({ raw: null });
  }
});

test("of any text the beginning is shown, and all of it but a few words as it goes on", () => {
  const piece = fc.constantFrom(
    "|",
    "-",
    "*",
    "`",
    "```",
    "$$",
    "\\(",
    "\\)",
    "\n",
    " ",
    "a",
    "1.",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join("");
      const shown = withoutUnsettledMarks(text);
      expect(text.startsWith(shown)).toBe(true);
      expect(withoutUnsettledMarks(`${text}\n\nAnd so on.\n\n${"word ".repeat(100)}`)).toContain(
        "And so on.",
      );
    }),
  );
});
