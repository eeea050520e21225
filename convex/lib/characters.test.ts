import fc from "fast-check";
import { expect, test } from "vitest";
import { isBlank, trimmed, wholeCharacters, WholeCharacters } from "./characters";

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

test("a text that is cut anywhere comes as it was, in whole characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const characters = new WholeCharacters();
      const given = text.split("").map((unit) => characters.add(unit));
      expect(given.join("")).toBe(text);
      expect(given.every((piece) => piece.isWellFormed())).toBe(true);
    }),
  );
});

test.each([
  ["a\ud83cb", "c", "a\ufffdbc"],
  ["a\ud83c", "b", "a\ufffdb"],
  ["a\udf55", "b", "a\ufffdb"],
  ["a", "\ud83c", "a"],
])(
  "of %j and %j, where half a character has no other half, come whole ones",
  (one, two, expected) => {
    const characters = new WholeCharacters();
    expect(characters.add(one) + characters.add(two)).toBe(expected);
  },
);

test.each([
  "",
  " \n\t",
  "\0",
  "\u200b",
  "\u200e \u2069",
  "\ufeff",
  "\u00ad\u034f",
  "\u3164",
  "\u2800",
  "\u{e0041}",
])("in %j there is nothing to see", (text) => {
  expect(isBlank(text)).toBe(true);
  expect(trimmed(text)).toBe("");
});

test.each([
  ["\u200f\u05d0\u200f", "\u200f\u05d0\u200f"],
  [" 👩‍💻 ", "👩‍💻"],
  ["\n\u0301\u0600", "\u0301\u0600"],
  ["\uf8ff", "\uf8ff"],
])("of %j all but the blanks around it stays", (text, kept) => {
  expect(trimmed(text)).toBe(kept);
});
