import fc from "fast-check";
import { expect, test } from "vitest";
import { splitTokens } from "./tokens.ts";

test("the pieces joined are the text, whatever it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      expect(splitTokens(text).join("")).toBe(text);
    }),
  );
});

test("no piece is longer than nine code points, and none is empty", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), (text) => {
      for (const piece of splitTokens(text)) {
        const size = Array.from(piece).length;
        expect(size).toBeGreaterThan(0);
        expect(size).toBeLessThanOrEqual(9);
      }
    }),
  );
});
