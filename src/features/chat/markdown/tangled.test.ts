import { expect, test } from "vitest";
import { isTangled } from "./tangled";

test.each([
  ["quotes", ">".repeat(5000)],
  ["lists in one line", "- ".repeat(2000)],
  ["a deep list", Array.from({ length: 300 }, (_, i) => `${"  ".repeat(i)}- x`).join("\n")],
  ["stars", "*".repeat(10_000)],
  ["elements", "<div>".repeat(5000)],
  ["elements with words between", "<b>word ".repeat(5000)],
])("too many %s", (_, text) => {
  expect(isTangled(`A beginning.\n\n${text}`)).toBe(true);
});

test.each([
  ["rules", `${"-".repeat(400)}\n\n${"*".repeat(80)}`],
  ["a table", `|${" - |".repeat(200)}\n|${"---|".repeat(200)}`],
  ["a list of lists", Array.from({ length: 8 }, (_, i) => `${"  ".repeat(i)}- x`).join("\n")],
  ["elements that end", "<b>word</b> ".repeat(5000)],
  ["types in code", "const map: Map<string, number> = new Map<string, number>();\n".repeat(80)],
  ["a quote in a quote", "> > > quoted\n> > more"],
])("%s are not", (_, text) => {
  expect(isTangled(text)).toBe(false);
});
