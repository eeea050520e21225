import fc from "fast-check";
import { expect, test } from "vitest";
import { titleOf, wholeCharacters } from "./limits";

test("a title is the beginning of the text on one line, cut between words", () => {
  expect(titleOf("  What is\n a ledger? ")).toBe("What is a ledger?");
  const long = "Explain how a double entry ledger keeps its balance when two writers race";
  expect(titleOf(long)).toBe("Explain how a double entry ledger keeps its balance when…");
  expect(titleOf("x".repeat(200))).toHaveLength(60);
});

test("text is never cut inside a character", () => {
  expect(wholeCharacters("a😀b", 2)).toBe("a");
  expect(wholeCharacters("a😀b", 3)).toBe("a😀");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.integer({ min: -2, max: 40 }), (text, length) => {
      const cut = wholeCharacters(text, length);
      return text.startsWith(cut) && cut.isWellFormed() && cut.length <= Math.max(0, length);
    }),
  );
});
