import { convexToJson } from "convex/values";
import type { Value } from "convex/values";
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatBytes, shapeProblem } from "./size.ts";

const problemOf = (value: Value) => shapeProblem(JSON.stringify(convexToJson(value)));

function nested(levels: number, innermost: Value): Value {
  let value = innermost;
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

test("a value may be nested 64 levels deep", () => {
  expect(problemOf(nested(64, "x"))).toBeNull();
  expect(problemOf(nested(64, 5n))).toBeNull();
  expect(problemOf(nested(65, "x"))).toBe(
    "Value is too nested (nested 65 levels deep > maximum nesting 64)",
  );
  expect(shapeProblem(`[${JSON.stringify(nested(64, 1))}]`, 1)).toBeNull();
});

test("an array may have 8,192 elements and an object 1,024 fields, wherever they stand", () => {
  const elements = (count: number) => Array.from({ length: count }, () => 0n);
  const fields = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, [",", "}"]]));
  expect(problemOf({ a: elements(8_192), b: elements(8_192) })).toBeNull();
  expect(problemOf({ a: [elements(8_193)] })).toBe(
    "Array length is too long (8193 > maximum length 8192)",
  );
  expect(problemOf([fields(1_024), fields(1_024)])).toBeNull();
  expect(problemOf([[fields(1_025)]])).toBe(
    "Object has too many fields (1025 > maximum number 1024)",
  );
});

test("no text inside a value changes what is counted", () => {
  const text = fc.string({ unit: fc.constantFrom('"', "\\", "[", "{", ",", "]", "}", "$", "x") });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 20 }), (texts) => {
      expect(problemOf(nested(64, texts))).toBe(
        "Value is too nested (nested 65 levels deep > maximum nesting 64)",
      );
      expect(problemOf(texts.map((one) => [one, { text: one.replaceAll("$", "") }]))).toBeNull();
    }),
  );
});

test("text that is no JSON is read to its end", () => {
  for (const text of ['"'.repeat(201), "]".repeat(200), ",".repeat(200), `"${"\\".repeat(200)}`]) {
    expect(shapeProblem(text)).toBeNull();
  }
});

test("bytes are written as Convex writes them", () => {
  expect([1, 1_024, 1_024 ** 2, 1.5 * 1_024 ** 2, 16 * 1_024 ** 2].map(formatBytes)).toEqual([
    "1 B",
    "1 KiB",
    "1 MiB",
    "1.50 MiB",
    "16 MiB",
  ]);
});
