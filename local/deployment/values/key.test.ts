import { compareValues as compareAsConvex } from "convex/values";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyField } from "./arbitrary.ts";
import { afterPrefix, encodeKey, internalIdKey, keyFromHex, keyToBytes, LAST_KEY } from "./key.ts";
import type { Key } from "./key.ts";
import { compareValues } from "./order.ts";

function compareKeys(left: Key, right: Key): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

describe("keys", () => {
  test("sort as Convex sorts the values", () => {
    fc.assert(
      fc.property(anyField, anyField, (left, right) => {
        const expected = Math.sign(compareAsConvex(left, right));
        expect(compareKeys(encodeKey(left), encodeKey(right))).toBe(expected);
        expect(Math.sign(compareValues(left, right))).toBe(expected);
      }),
      { numRuns: 3_000 },
    );
  });

  test("of two fields sort by the first, then by the second", () => {
    fc.assert(
      fc.property(fc.tuple(anyField, anyField), fc.tuple(anyField, anyField), (left, right) => {
        const expected =
          Math.sign(compareAsConvex(left[0], right[0])) ||
          Math.sign(compareAsConvex(left[1], right[1]));
        const keys = [left, right].map((fields) => fields.map((one) => encodeKey(one)).join(""));
        expect(compareKeys(keys[0]!, keys[1]!)).toBe(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  test("continue a prefix exactly where the values begin with it", () => {
    const id = internalIdKey("\xff".repeat(16));
    fc.assert(
      fc.property(anyField, fc.tuple(anyField, anyField), (first, [other, last]) => {
        const prefix = encodeKey(first);
        const key = encodeKey(other) + encodeKey(last) + id;
        const isInRange = key >= prefix && key < afterPrefix(prefix);
        expect(isInRange).toBe(compareAsConvex(first, other) === 0);
        expect(key < LAST_KEY).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test("survive the data file, in the same order", () => {
    fc.assert(
      fc.property(anyField, anyField, (left, right) => {
        const keys = [encodeKey(left), encodeKey(right)] as const;
        expect(keyFromHex(keyToBytes(keys[0]).toString("hex"))).toBe(keys[0]);
        const order = Buffer.compare(keyToBytes(keys[0]), keyToBytes(keys[1]));
        expect(order).toBe(compareKeys(...keys));
      }),
    );
  });
});
