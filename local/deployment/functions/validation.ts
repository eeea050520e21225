import { getConvexSize, jsonToConvex } from "convex/values";
import type { JSONValue, Value } from "convex/values";
import { formatBytes, shapeProblem } from "../values/size.ts";
import { hasHalfPair } from "../values/unicode-json.ts";
import { checkValue, ValidationError } from "../values/validator.ts";
import type { ValidationContext } from "../values/validator.ts";
import { FunctionFailure } from "./failure.ts";
import { formatFunctionPath } from "./modules/function-path.ts";
import type { RegisteredFunction } from "./modules/registered-function.ts";

/** Convex's limits on what goes into a function and comes out of it. */
const MAX_ARGS_BYTES = 16 * 1024 * 1024;
const MAX_RESULT_BYTES = 16 * 1024 * 1024;

/** @throws FunctionFailure when the encoded arguments are not what the function takes. */
export function checkArguments(
  target: RegisteredFunction,
  args: string,
  context: ValidationContext,
): void {
  const name = formatFunctionPath(target.path);
  const invalid = `Invalid arguments for ${name}`;
  const values = JSON.parse(args) as JSONValue;
  const size = sizeBeyond(MAX_ARGS_BYTES, args, invalid);
  if (size !== null) {
    throw new FunctionFailure(
      `Arguments for ${name} are too large (actual: ${formatBytes(size)}, limit: ${formatBytes(MAX_ARGS_BYTES)})`,
    );
  }
  // The list that holds the one object is no part of it.
  const problem = shapeProblem(args, 1);
  if (problem !== null) throw new FunctionFailure(`${invalid}: ${problem}`);
  const [value] = Array.isArray(values) ? values : [];
  if (!Array.isArray(values) || values.length !== 1 || !isObject(value)) {
    throw new FunctionFailure("The arguments of a function must be one object.");
  }
  check("ArgumentValidationError", target.args, decode(value, invalid), context);
}

/** @throws FunctionFailure when the encoded result is not what the function promised. */
export function checkResult(
  target: RegisteredFunction,
  result: string,
  context: ValidationContext,
): void {
  const name = formatFunctionPath(target.path);
  const invalid = `Function ${name} return value invalid`;
  const size = sizeBeyond(MAX_RESULT_BYTES, result, invalid);
  if (size !== null) {
    throw new FunctionFailure(
      `Function ${name} return value is too large (actual: ${formatBytes(size)}, limit: ${formatBytes(MAX_RESULT_BYTES)})`,
    );
  }
  if (hasHalfPair(result)) {
    throw new FunctionFailure(
      `Function ${name} failed. Could not parse return value as json: lone surrogate in a string`,
    );
  }
  const problem = shapeProblem(result);
  if (problem !== null) throw new FunctionFailure(`${invalid}: ${problem}`);
  if (target.returns === null || target.returns.type === "any") return;
  const value = decode(JSON.parse(result) as JSONValue, invalid);
  check("ReturnsValidationError", target.returns, value, context);
}

/** A number is one character of JSON at least and eight bytes and a tag of a value. */
const MOST_BYTES_A_CHARACTER = 9;

/**
 * The bytes of an encoded value by Convex's accounting, where they are more than `limit`; else null.
 *
 * @throws FunctionFailure that begins with `invalid` when it is no value of Convex's.
 */
function sizeBeyond(limit: number, json: string, invalid: string): number | null {
  if (json.length * MOST_BYTES_A_CHARACTER <= limit) return null;
  const size = getConvexSize(decode(JSON.parse(json) as JSONValue, invalid));
  return size > limit ? size : null;
}

function check(
  name: string,
  validator: NonNullable<RegisteredFunction["returns"]>,
  value: Value,
  context: ValidationContext,
): void {
  try {
    checkValue(validator, value, context);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw new FunctionFailure(`${name}: ${error.message}`);
  }
}

/** @throws FunctionFailure that begins with `invalid` when it is no value of Convex's. */
function decode(value: JSONValue, invalid: string): Value {
  try {
    return jsonToConvex(value);
  } catch (error) {
    throw new FunctionFailure(`${invalid}: ${(error as Error).message}`);
  }
}

function isObject(value: JSONValue | undefined): value is Record<string, JSONValue> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
