import { expect, test } from "vitest";
import { titleOf } from "./limits";

test("a title is the beginning of the text on one line, cut between words", () => {
  expect(titleOf("  What is\n a ledger? ")).toBe("What is a ledger?");
  const long = "Explain how a double entry ledger keeps its balance when two writers race";
  expect(titleOf(long)).toBe("Explain how a double entry ledger keeps its balance when…");
  expect(titleOf("x".repeat(60))).toBe("x".repeat(60));
  expect(titleOf("x".repeat(61))).toBe(`${"x".repeat(59)}…`);
  expect(titleOf("x".repeat(200))).toHaveLength(60);
});
