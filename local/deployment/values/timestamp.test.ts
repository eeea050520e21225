import { describe, expect, test } from "vitest";
import { decodeTimestamp, encodeTimestamp } from "./timestamp.ts";

describe("timestamps", () => {
  test("are eight bytes little-endian in base64", () => {
    expect(encodeTimestamp(0n)).toBe("AAAAAAAAAAA=");
    expect(encodeTimestamp(1n)).toBe("AQAAAAAAAAA=");
    expect(decodeTimestamp(encodeTimestamp(2n ** 64n - 1n))).toBe(2n ** 64n - 1n);
  });

  test("of another length are refused", () => {
    expect(() => decodeTimestamp("AAAA")).toThrow(RangeError);
  });
});
