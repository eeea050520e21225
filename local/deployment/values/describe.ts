/** Values and validators as Convex prints them in its error messages. */
import { jsonToConvex } from "convex/values";
import type { Value } from "convex/values";
import type { FieldJson, ValidatorJson } from "./validator.ts";

/** A value as text: `{name: "Ada", age: 36.0}`. */
export function describeValue(value: Value | undefined): string {
  if (value === undefined) return "undefined";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return describeNumber(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof ArrayBuffer) return `b"${Buffer.from(value).toString("base64")}"`;
  if (Array.isArray(value)) return `[${value.map((element) => describeValue(element)).join(", ")}]`;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([name, field]) => `${name}: ${describeValue(field)}`).join(", ")}}`;
}

/** A validator as the call that makes it: `v.object({name: v.optional(v.string())})`. */
export function describeValidator(validator: ValidatorJson): string {
  switch (validator.type) {
    case "number":
      return "v.float64()";
    case "bigint":
      return "v.int64()";
    case "null":
    case "boolean":
    case "string":
    case "bytes":
    case "any":
    case "commitTs":
      return `v.${validator.type}()`;
    case "literal":
      return `v.literal(${describeLiteral(jsonToConvex(validator.value))})`;
    case "id":
      return `v.id("${validator.tableName}")`;
    case "array":
      return `v.array(${describeValidator(validator.value)})`;
    case "record":
      return `v.record(${describeValidator(validator.keys)}, ${describeField(validator.values)})`;
    case "union":
      return `v.union(${validator.value.map((member) => describeValidator(member)).join(", ")})`;
    case "object":
      return `v.object({${describeFields(validator.value)}})`;
  }
}

/** The type's name in Convex's messages about arithmetic in filters. */
export function describeType(value: Value | undefined): string {
  if (value === undefined) return "undefined";
  if (value === null) return "Null";
  if (typeof value === "bigint") return "Int64";
  if (typeof value === "number") return "Float64";
  if (typeof value === "boolean") return "Boolean";
  if (typeof value === "string") return "String";
  if (value instanceof ArrayBuffer) return "Bytes";
  return Array.isArray(value) ? "Array" : "Object";
}

function describeFields(fields: Record<string, FieldJson>): string {
  return Object.keys(fields)
    .sort()
    .map((name) => `${name}: ${describeField(fields[name]!)}`)
    .join(", ");
}

function describeField({ fieldType, optional }: FieldJson): string {
  const text = describeValidator(fieldType);
  return optional ? `v.optional(${text})` : text;
}

function describeLiteral(value: Value): string {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "<number>";
  if (typeof value === "bigint") return "<bigint>";
  return describeValue(value);
}

/** Whole numbers show their point, which tells a float64 from an int64. */
function describeNumber(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
}
