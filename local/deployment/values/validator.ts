/**
 * Validators in the JSON form that `convex/values` exports, checked as Convex checks them and with
 * its error texts. They guard documents (schema), arguments and returns.
 */
import { jsonToConvex } from "convex/values";
import type { JSONValue, Value } from "convex/values";
import { describeValidator, describeValue } from "./describe.ts";
import type { ConvexObject } from "./encoding.ts";
import { tryDecodeId } from "./id.ts";
import { compareValues } from "./order.ts";

export type ValidatorJson =
  | { type: "null" | "number" | "bigint" | "boolean" | "string" | "bytes" | "any" | "commitTs" }
  | { type: "literal"; value: JSONValue }
  | { type: "id"; tableName: string }
  | { type: "array"; value: ValidatorJson }
  | { type: "record"; keys: ValidatorJson; values: FieldJson }
  | { type: "union"; value: ValidatorJson[] }
  | { type: "object"; value: Record<string, FieldJson> };

export interface FieldJson {
  fieldType: ValidatorJson;
  optional: boolean;
}

/** What a check needs to know of the place where the value lives. */
export interface ValidationContext {
  /** The name of the table with that number in the value's component, or null. */
  tableName(tableNumber: number): string | null;
}

/** A value that its validator refuses. `path` leads to the failing part, such as `.tags[2]`. */
export class ValidationError extends Error {
  override readonly name = "ValidationError";
  readonly path: string;
  constructor(message: string, path: string) {
    super(message);
    this.path = path;
  }
}

/** Throws a ValidationError with Convex's text when the validator refuses the value. */
export function checkValue(
  validator: ValidatorJson,
  value: Value,
  context: ValidationContext,
): void {
  const failure = findFailure(validator, value, context);
  if (failure === null) return;
  const path = failure.steps.toReversed().join("");
  throw new ValidationError(failure.describe(path === "" ? "" : `Path: ${path}`), path);
}

/** Found in the depth; each level on the way out adds its step, so that a good value costs no path. */
interface Failure {
  readonly steps: string[];
  readonly describe: (path: string) => string;
}

function findFailure(
  validator: ValidatorJson,
  value: Value,
  context: ValidationContext,
): Failure | null {
  switch (validator.type) {
    case "any":
      return null;
    case "null":
      return value === null ? null : noMatch(validator, value);
    case "number":
    case "boolean":
    case "string":
    case "bigint":
      return typeof value === validator.type ? null : noMatch(validator, value);
    case "bytes":
      return value instanceof ArrayBuffer ? null : noMatch(validator, value);
    case "commitTs":
      return typeof value === "bigint" || isPlaceholder(value) ? null : noMatch(validator, value);
    case "literal":
      return checkLiteral(validator.value, value);
    case "id":
      return checkId(validator.tableName, value, context);
    case "array":
      return checkArray(validator, value, context);
    case "record":
      return checkRecord(validator, value, context);
    case "union":
      return checkUnion(validator, value, context);
    case "object":
      return checkObject(validator, value, context);
  }
}

function noMatch(validator: ValidatorJson, value: Value): Failure {
  return {
    steps: [],
    describe: (path) =>
      `Value does not match validator.\n${path}\nValue: ${describeValue(value)}\nValidator: ${describeValidator(validator)}`,
  };
}

function checkLiteral(literal: JSONValue, value: Value): Failure | null {
  if (compareValues(jsonToConvex(literal), value) === 0) return null;
  return {
    steps: [],
    describe: (path) =>
      `\`${describeValue(value)}\` does not match literal validator \`${describeValidator({ type: "literal", value: literal })}\`.${path}`,
  };
}

function checkId(tableName: string, value: Value, context: ValidationContext): Failure | null {
  const id = typeof value === "string" ? tryDecodeId(value) : null;
  const found = id && context.tableName(id.tableNumber);
  if (!found) return noMatch({ type: "id", tableName }, value);
  if (found === tableName) return null;
  const from = found.startsWith("_") ? "a system table" : `table \`${found}\``;
  return {
    steps: [],
    describe: (path) =>
      `Found ID "${value as string}" from ${from}, which does not match the table name in validator \`v.id("${tableName}")\`.${path}`,
  };
}

function checkArray(
  validator: ValidatorJson & { type: "array" },
  value: Value,
  context: ValidationContext,
): Failure | null {
  if (!Array.isArray(value)) return noMatch(validator, value);
  for (const [at, element] of value.entries()) {
    const failure = findFailure(validator.value, element, context);
    if (failure) return within(`[${at}]`, failure);
  }
  return null;
}

function checkRecord(
  validator: ValidatorJson & { type: "record" },
  value: Value,
  context: ValidationContext,
): Failure | null {
  if (!isObject(value)) return noMatch(validator, value);
  for (const [key, element] of Object.entries(value)) {
    if (element === undefined) continue;
    const badKey = findFailure(validator.keys, key, context);
    if (badKey) return within(".keys()", badKey);
    const badValue = findFailure(validator.values.fieldType, element, context);
    if (badValue) return within(".values()", badValue);
  }
  return null;
}

/** A union names no culprit unless it has one member only, as in Convex. */
function checkUnion(
  validator: ValidatorJson & { type: "union" },
  value: Value,
  context: ValidationContext,
): Failure | null {
  const [only] = validator.value;
  if (only && validator.value.length === 1) return findFailure(only, value, context);
  const matches = validator.value.some((member) => findFailure(member, value, context) === null);
  return matches ? null : noMatch(validator, value);
}

function checkObject(
  validator: ValidatorJson & { type: "object" },
  value: Value,
  context: ValidationContext,
): Failure | null {
  if (!isObject(value)) return noMatch(validator, value);
  for (const name of Object.keys(validator.value).sort()) {
    const { fieldType, optional } = validator.value[name]!;
    const field = Object.hasOwn(value, name) ? value[name] : undefined;
    if (field !== undefined) {
      const failure = findFailure(fieldType, field, context);
      if (failure) return within(`.${name}`, failure);
    } else if (!optional) {
      return objectFailure(
        `Object is missing the required field \`${name}\`. Consider wrapping the field validator in \`v.optional(...)\` if this is expected.`,
        validator,
        value,
      );
    }
  }
  for (const name of Object.keys(value)) {
    if (value[name] === undefined || Object.hasOwn(validator.value, name)) continue;
    return objectFailure(
      `Object contains extra field \`${name}\` that is not in the validator.`,
      validator,
      value,
    );
  }
  return null;
}

function objectFailure(sentence: string, validator: ValidatorJson, value: ConvexObject): Failure {
  return {
    steps: [],
    describe: (path) =>
      `${sentence}\n${path}\nObject: ${describeValue(value)}\nValidator: ${describeValidator(validator)}`,
  };
}

function within(step: string, failure: Failure): Failure {
  failure.steps.push(step);
  return failure;
}

function isObject(value: Value): value is Record<string, Value> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof ArrayBuffer) &&
    !isPlaceholder(value)
  );
}

/** A commit timestamp not yet known is the one Convex value of a class of its own. */
function isPlaceholder(value: Value): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value) || value instanceof ArrayBuffer) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== Object.prototype && prototype !== null;
}
