import { getConvexSize, jsonToConvex } from "convex/values";
import type { JSONValue, Value } from "convex/values";
import { formatBytes, shapeProblem } from "../values/size.ts";
import { hasHalfPair } from "../values/unicode-json.ts";
import { checkValue, ValidationError } from "../values/validator.ts";
import type { ValidationContext } from "../values/validator.ts";
import { FunctionFailure } from "./failure.ts";
import { displayFunctionPath } from "./modules/function-path.ts";
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
  const values = JSON.parse(args) as unknown;
  const size = sizeBeyond(MAX_ARGS_BYTES, args);
  if (size !== null) {
    throw new FunctionFailure(
      `Arguments for ${displayFunctionPath(target.path)} are too large (actual: ${formatBytes(size)}, limit: ${formatBytes(MAX_ARGS_BYTES)})`,
    );
  }
  // The list that holds the one object is no part of it.
  const problem = shapeProblem(args, 1);
  if (problem !== null) throw new FunctionFailure(problem);
  const [value] = Array.isArray(values) ? (values as JSONValue[]) : [];
  if (!Array.isArray(values) || values.length !== 1 || !isObject(value)) {
    throw new FunctionFailure("The arguments of a function must be one object.");
  }
  check("ArgumentValidationError", target.args, decode(value), context);
}

/** @throws FunctionFailure when the encoded result is not what the function promised. */
export function checkResult(
  target: RegisteredFunction,
  result: string,
  context: ValidationContext,
): void {
  const size = sizeBeyond(MAX_RESULT_BYTES, result);
  if (size !== null) {
    throw new FunctionFailure(
      `Function ${displayFunctionPath(target.path)} return value is too large (actual: ${formatBytes(size)}, limit: ${formatBytes(MAX_RESULT_BYTES)})`,
    );
  }
  if (hasHalfPair(result)) {
    const name = displayFunctionPath(target.path);
    throw new FunctionFailure(
      `Function ${name} failed. Could not parse return value as json: lone surrogate in a string`,
    );
  }
  const problem = shapeProblem(result);
  if (problem !== null) {
    const name = displayFunctionPath(target.path);
    throw new FunctionFailure(`Function ${name} return value invalid: ${problem}`);
  }
  if (target.returns === null || target.returns.type === "any") return;
  check("ReturnsValidationError", target.returns, decode(JSON.parse(result) as JSONValue), context);
}

/** A number is one character of JSON at least and eight bytes and a tag of a value. */
const MOST_BYTES_A_CHARACTER = 9;

/** The bytes of an encoded value by Convex's accounting, where they are more than `limit`; else null. */
function sizeBeyond(limit: number, json: string): number | null {
  if (json.length * MOST_BYTES_A_CHARACTER <= limit) return null;
  const size = getConvexSize(jsonToConvex(JSON.parse(json) as JSONValue));
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

function decode(value: JSONValue): Value {
  try {
    return jsonToConvex(value);
  } catch (error) {
    throw new FunctionFailure(error instanceof Error ? error.message : String(error));
  }
}

function isObject(value: JSONValue | undefined): value is Record<string, JSONValue> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
