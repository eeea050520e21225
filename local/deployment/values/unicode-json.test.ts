import fc from "fast-check";
import { expect, test } from "vitest";
import { parseArguments } from "../syscalls/arguments.ts";
import { hasHalfPair, parseUnicodeJson } from "./unicode-json.ts";

/** Texts of halves of pairs, and of what could be taken for one. */
const texts = fc
  .array(fc.constantFrom("\ud83d", "\ude42", "\\", "ud83d", "\\ud83d", "é", "\u0001", '"', "a"))
  .map((parts) => parts.join(""));

test("JSON is refused exactly where a string of it holds half a surrogate pair", () => {
  fc.assert(
    fc.property(texts, texts, (key, text) => {
      const value = { [`${key.toWellFormed()}.`]: ["x", { of: text }] };
      const json = JSON.stringify(value);
      expect(hasHalfPair(json)).toBe(!text.isWellFormed());
      expect(parsed(json)).toEqual(text.isWellFormed() ? value : "refused");
    }),
  );
});

function parsed(json: string): unknown {
  try {
    return parseUnicodeJson(json);
  } catch {
    return "refused";
  }
}

test("a whole pair may come as two escapes", () => {
  expect(parseUnicodeJson(String.raw`"\uD83D\uDE42"`)).toBe("🙂");
  expect(() => parseUnicodeJson(String.raw`"\uDE42\uD83D"`)).toThrow("lone surrogate");
});

test("a function is told that what it asks for is no JSON", () => {
  const args = JSON.stringify({ table: "notes", value: { text: "\ud83d" } });
  expect(() => parseArguments(args)).toThrow("Received invalid json: lone surrogate in a string");
});
