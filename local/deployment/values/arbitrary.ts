/** Random Convex values for property tests. */
import fc from "fast-check";
import type { Value } from "convex/values";

const fieldName = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,4}$/);

const text = fc.oneof(
  fc.string({ maxLength: 6, unit: "binary" }),
  fc.string({ maxLength: 6 }),
  fc.constantFrom("", "\0", "a\0b", "\u{1F600}", "\uFFFD", "a", "ab"),
);

const bytes = fc
  .uint8Array({ maxLength: 5 })
  .map((array) => array.buffer.slice(array.byteOffset, array.byteOffset + array.byteLength));

/** Any Convex value, nested a little, with the edges of each type. */
const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.MIN_VALUE),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.constantFrom(0n, -1n, 1n, 2n ** 63n - 1n, -(2n ** 63n)),
    text,
    bytes,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fieldName, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

/** Any Convex value, or undefined for a missing field. */
export const anyField: fc.Arbitrary<Value | undefined> = fc.oneof(
  { arbitrary: anyValue, weight: 10 },
  { arbitrary: fc.constant(undefined), weight: 1 },
);
