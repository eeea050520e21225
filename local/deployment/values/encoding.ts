/** Encoded JSON text (Convex's `convex_encoded_json`) to values and back. */
import { convexToJson, jsonToConvex } from "convex/values";
import type { JSONValue, Value } from "convex/values";

/** A decoded Convex object. A field that is `undefined` counts as missing. */
export type ConvexObject = Record<string, Value | undefined>;

/** The encoded JSON text of a value, its object keys sorted. */
export function encodeValue(value: Value): string {
  return JSON.stringify(convexToJson(value));
}

/** The value of encoded JSON text. Throws an Error on what is no Convex value. */
export function decodeValue(text: string): Value {
  return jsonToConvex(JSON.parse(text) as JSONValue);
}

/** The value at a dotted field path, or undefined where any step is missing. */
export function fieldAtPath(object: ConvexObject, path: readonly string[]): Value | undefined {
  let value: Value | undefined = object;
  for (const field of path) {
    if (typeof value !== "object" || value === null) return undefined;
    if (Array.isArray(value) || value instanceof ArrayBuffer) return undefined;
    if (!Object.hasOwn(value, field)) return undefined;
    value = (value as ConvexObject)[field];
  }
  return value;
}
