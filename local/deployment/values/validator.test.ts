import { v } from "convex/values";
import type { GenericValidator, Value } from "convex/values";
import { describe, expect, test } from "vitest";
import { encodeId, newInternalId } from "./id.ts";
import { checkValue } from "./validator.ts";
import type { ValidatorJson } from "./validator.ts";

const tables = new Map([
  [10_001, "users"],
  [10_002, "messages"],
  [1, "_storage"],
]);
const user = encodeId(10_001, newInternalId(0));
const message = encodeId(10_002, newInternalId(0));
const file = encodeId(1, newInternalId(0));

function failure(validator: GenericValidator, value: Value): string | null {
  const { json } = validator as unknown as { json: ValidatorJson };
  try {
    checkValue(json, value, { tableName: (number) => tables.get(number) ?? null });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

describe("a validator", () => {
  test.each<[string, GenericValidator, Value[], Value[]]>([
    ["null", v.null(), [null], [0, "", false]],
    ["number", v.number(), [1, -0, Number.NaN], [1n, "1", null]],
    ["int64", v.int64(), [1n], [1]],
    ["boolean", v.boolean(), [true, false], [0]],
    ["string", v.string(), [""], [1, null]],
    ["bytes", v.bytes(), [new ArrayBuffer(2)], ["", []]],
    ["any", v.any(), [null, 1, {}], []],
    ["literal", v.literal("a"), ["a"], ["b", 1]],
    ["int64 literal", v.literal(7n), [7n], [7, 8n]],
    ["id", v.id("users"), [user], [message, file, "users", 1]],
    ["id of a file", v.id("_storage"), [file], [user]],
    ["array", v.array(v.number()), [[], [1, 2]], [[1, "2"], {}]],
    ["record", v.record(v.string(), v.number()), [{}, { a: 1 }], [{ a: "1" }, []]],
    ["record of ids", v.record(v.id("users"), v.null()), [{ [user]: null }], [{ a: null }]],
    ["union", v.union(v.string(), v.null()), ["", null], [1]],
    ["empty union", v.union(), [], [null, 1]],
    [
      "object",
      v.object({ a: v.number(), b: v.optional(v.string()) }),
      [{ a: 1 }, { a: 1, b: "" }],
      [{}, { a: 1, b: 2 }, { a: 1, c: 1 }, [], null, new ArrayBuffer(0)],
    ],
  ])("of %s takes what it should and refuses the rest", (_name, validator, good, bad) => {
    for (const value of good) expect(failure(validator, value)).toBeNull();
    for (const value of bad) expect(failure(validator, value)).toEqual(expect.any(String));
  });

  test("names a missing field as Convex does", () => {
    expect(failure(v.object({ name: v.string(), age: v.number() }), { age: 3 })).toBe(
      "Object is missing the required field `name`. Consider wrapping the field validator in `v.optional(...)` if this is expected.\n" +
        "\nObject: {age: 3.0}\nValidator: v.object({age: v.float64(), name: v.string()})",
    );
  });

  test("names an extra field and the path to its object", () => {
    const validator = v.object({ list: v.array(v.object({ a: v.optional(v.int64()) })) });
    expect(failure(validator, { list: [{}, { b: "x" }] })).toBe(
      "Object contains extra field `b` that is not in the validator.\n" +
        'Path: .list[1]\nObject: {b: "x"}\nValidator: v.object({a: v.optional(v.int64())})',
    );
  });

  test("shows the value, the validator and the path where they differ", () => {
    expect(failure(v.object({ to: v.union(v.null(), v.id("users")) }), { to: "me" })).toBe(
      'Value does not match validator.\nPath: .to\nValue: "me"\nValidator: v.union(v.null(), v.id("users"))',
    );
  });

  test("tells whose id it found", () => {
    expect(failure(v.id("users"), message)).toBe(
      `Found ID "${message}" from table \`messages\`, which does not match the table name in validator \`v.id("users")\`.`,
    );
    expect(failure(v.id("users"), file)).toContain("from a system table");
  });

  test("does not take inherited names for fields", () => {
    expect(failure(v.object({ toString: v.optional(v.string()) }), {})).toBeNull();
    expect(failure(v.object({}), { constructor: 1 })).toContain("extra field `constructor`");
  });
});
