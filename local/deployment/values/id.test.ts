import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeId, encodeId, newInternalId, tryDecodeId } from "./id.ts";

const internalId = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString("latin1"));
const tableNumber = fc.integer({ min: 1, max: 2 ** 32 - 1 });

describe("ids", () => {
  test("are read back as they were made", () => {
    fc.assert(
      fc.property(tableNumber, internalId, (number, internal) => {
        expect(decodeId(encodeId(number, internal))).toEqual({ tableNumber: number, internal });
      }),
    );
  });

  test("of user tables have 32 lower-case characters", () => {
    expect(encodeId(10_001, newInternalId(Date.now()))).toMatch(/^[0-9a-hjkmnp-tv-z]{32}$/);
  });

  test("with one character changed are no ids", () => {
    fc.assert(
      fc.property(internalId, fc.nat(31), fc.constantFrom(..."0z7q"), (internal, at, char) => {
        const id = encodeId(10_001, internal);
        const changed = id.slice(0, at) + char + id.slice(at + 1);
        fc.pre(changed !== id);
        expect(tryDecodeId(changed)).toBeNull();
      }),
    );
  });

  test("say why a text is none", () => {
    expect(() => decodeId("abc")).toThrow("Unable to decode ID: Invalid ID length 3");
    expect(() => decodeId("u".repeat(32))).toThrow("ID wasn't valid base32");
    expect(() => decodeId("É".repeat(32))).toThrow("ID wasn't valid base32");
  });

  test("of later seconds sort behind", () => {
    const [earlier, later] = [1_800_000_000_000, 1_800_000_001_000].map((now) =>
      encodeId(10_001, newInternalId(now)),
    );
    expect(earlier! < later!).toBe(true);
  });

  test("are never made twice", () => {
    const made = new Set(Array.from({ length: 10_000 }, () => newInternalId(0)));
    expect(made.size).toBe(10_000);
  });
});
