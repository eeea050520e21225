import { expect, test } from "vitest";
import { countedText, tokenLatencies } from "./token-latency.ts";

test("each token is timed by the first sample that shows it whole", () => {
  const sent = { tokens: ["One", " two", " three"], sentAt: [1000, 1010, 1020] };
  const samples = [
    { at: 1005, length: 0 },
    { at: 1030, length: 7 },
    { at: 1070, length: 11 },
  ];
  expect(tokenLatencies(sent, samples)).toEqual([30, 20, 50]);
});

test("blanks and the marks of headings are nothing to be seen", () => {
  const sent = { tokens: ["\n\n", "##", " Part"], sentAt: [1, 2, 3] };
  expect(tokenLatencies(sent, [{ at: 10, length: 4 }])).toEqual([7]);
  expect(countedText("## Part 1\n\nTwo, three.\n\n## ")).toBe("Part1Two,three.");
});

test("a token that was never seen is an error", () => {
  const sent = { tokens: ["One", " two"], sentAt: [1, 2] };
  expect(() => tokenLatencies(sent, [{ at: 10, length: 3 }])).toThrow(/Token 1 of 2/);
});
