import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { withClosedMarks } from "./closed-marks";
import { MarkdownRenderer } from "./markdown-renderer";

test.each([
  // What stands open in the last block is closed.
  ["Some **bold", "Some **bold**"],
  ["- one\n- **two", "- one\n- **two**"],
  ["> some **bold\n", "> some **bold**\n"],
  ["`2 ** 3` is **ei", "`2 ** 3` is **ei**"],
  ["Some `code", "Some `code`"],
  ["See [the manual", "See [the manual](streamdown:incomplete-link)"],
  // What marks nothing stays as it is.
  ["2 ** 3 is 8", String.raw`2 \*\* 3 is 8`],
  ["2 ** 3 is **eight", String.raw`2 \*\* 3 is **eight**`],
  ["a ~~ b", String.raw`a \~\~ b`],
  ["All *.ts files", String.raw`All \*.ts files`],
  ["All *.ts and *.tsx files", String.raw`All \*.ts and \*.tsx files`],
  ["The *.env file* is", "The *.env file* is"],
  ["```py\n2 ** 3\n", "```py\n2 ** 3\n"],
  ["- as code:\n  ```py\n  2 ** 3", "- as code:\n  ```py\n  2 ** 3"],
  ["Some **bold\n\n", "Some **bold\n\n"],
  ["***\n", "***\n"],
  ["", ""],
])("%j is drawn as %j", (last, drawn) => {
  expect(withClosedMarks(["One **\n\n", last])).toEqual(["One **\n\n", drawn]);
});

test.each(["In Python 2 ** 3 is 8.", "All *.ts files", "x ~~ y", "$$ is the shell's number"])(
  "of a whole answer that says %j just that is seen",
  (text) => {
    const { container } = render(<MarkdownRenderer text={text} state="whole" />);
    expect(container.textContent).toBe(text);
  },
);

test("where an answer broke off the words keep the look that they had", () => {
  const { container } = render(<MarkdownRenderer text="Some **bold" state="cut" />);
  expect(container.querySelector("strong")?.textContent).toBe("bold");
});
