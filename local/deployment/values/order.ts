/**
 * The total order of Convex values, in which indexes are sorted and filters compare:
 * undefined < null < int64 < float64 < boolean < string (as UTF-8) < bytes < array < object.
 */
import { compareValues as compareAnyValues } from "convex/values";
import type { Value } from "convex/values";

/**
 * Negative, zero or positive as `left` sorts before, with or after `right`.
 * The same order as `compareValues` of `convex/values`, quicker for the common plain values.
 */
export function compareValues(left: Value | undefined, right: Value | undefined): number {
  if (typeof left === "string" && typeof right === "string") {
    return left === right ? 0 : compareText(left, right);
  }
  if (typeof left === "number" && typeof right === "number" && left !== right) {
    if (left < right) return -1;
    if (left > right) return 1;
  }
  return compareAnyValues(left, right);
}

/**
 * UTF-16 order differs from UTF-8 order only where a surrogate meets a char above the surrogates,
 * so the first differing chars decide unless both are that high.
 */
function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a === b) continue;
    if (a >= 0xd800 && b >= 0xd800) return lift(a) - lift(b);
    return a - b;
  }
  return left.length - right.length;
}

/** Moves surrogates (which stand for code points above 0xffff) above all other chars. */
function lift(code: number): number {
  return code <= 0xdfff ? code + 0x10000 : code;
}
