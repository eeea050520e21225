import { expect, test } from "vitest";
import { beginsMath, dollarMarks, holdsMath } from "./math";

test("brackets of formulas become dollars", () => {
  expect(dollarMarks("so \\(x^2\\) and\n\\[\n\\int x\n\\]\nend")).toBe(
    "so $$x^2$$ and\n\n$$\n\\int x\n$$\n\nend",
  );
});

test.each([
  ["a fence", "```tex\n\\(x\\)\n```\n"],
  ["a fence that is still open", "~~~\n\\[x\\]\nmore"],
  ["a code span", "write `\\(x\\)` and ``\\[ ` \\]``"],
  ["a bracket that is not closed yet", "so \\(x^2"],
])("%s is left alone", (_, text) => {
  expect(dollarMarks(text)).toBe(text);
});

test("what follows code is not left alone", () => {
  expect(dollarMarks("`a` \\(x\\)\n```\n\\(y\\)\n```\n\\(z\\)")).toBe(
    "`a` $$x$$\n```\n\\(y\\)\n```\n$$z$$",
  );
});

test("money is no formula", () => {
  expect(holdsMath("It costs $5, or $10 for two.")).toBe(false);
  expect(holdsMath("It is $$x$$.")).toBe(true);
});

test.each(["\\(a", "\\[a", "$$a"])("%j begins a formula", (text) => {
  expect(beginsMath(`It is ${text}`)).toBe(true);
});

test("what costs $5 (or \\$5) begins none", () => {
  expect(beginsMath("It costs $5 (or \\$5) [sic]")).toBe(false);
});
