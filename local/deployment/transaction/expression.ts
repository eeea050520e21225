/** Filter expressions: their JSON compiled to a function of a document. */
import { jsonToConvex } from "convex/values";
import type { JSONValue, Value } from "convex/values";
import { describeType, describeValue } from "../values/describe.ts";
import { fieldAtPath } from "../values/encoding.ts";
import type { ConvexObject } from "../values/encoding.ts";
import { compareValues } from "../values/order.ts";
import { isUndefinedJson } from "./index-range.ts";
import { UserError } from "./user-error.ts";

/** The expression's value for a document; undefined where a field is missing. */
export type Expression = (document: ConvexObject) => Value | undefined;

type Arithmetic = {
  readonly verb: string;
  readonly floats: (left: number, right: number) => number;
  readonly ints: (left: bigint, right: bigint) => bigint;
};

const COMPARISONS: Record<string, (order: number) => boolean> = {
  $eq: (order) => order === 0,
  $neq: (order) => order !== 0,
  $lt: (order) => order < 0,
  $lte: (order) => order <= 0,
  $gt: (order) => order > 0,
  $gte: (order) => order >= 0,
};

const ARITHMETIC: Record<string, Arithmetic> = {
  $add: { verb: "add", floats: (l, r) => l + r, ints: (l, r) => l + r },
  $sub: { verb: "subtract", floats: (l, r) => l - r, ints: (l, r) => l - r },
  $mul: { verb: "multiply", floats: (l, r) => l * r, ints: (l, r) => l * r },
  $div: { verb: "divide", floats: (l, r) => l / r, ints: (l, r) => l / r },
  $mod: { verb: "mod", floats: (l, r) => l % r, ints: (l, r) => l % r },
};

/** Throws a UserError on what is no expression. */
export function compileExpression(json: JSONValue): Expression {
  const entry = typeof json === "object" && json !== null ? Object.entries(json)[0] : undefined;
  const [operator, operands] = entry ?? ["", null];
  if (operator === "$field" && typeof operands === "string") {
    const path = operands.split(".");
    return (document) => fieldAtPath(document, path);
  }
  if (operator === "$literal") return compileLiteral(operands);
  if (operator === "$neg") return compileNegation(operands);
  if (operator === "$not") return compileNot(operands);
  if (Array.isArray(operands)) {
    if (operator === "$and" || operator === "$or") return compileLogic(operator, operands);
    const [left, right] = operands;
    if (COMPARISONS[operator]) return compileComparison(COMPARISONS[operator], left!, right!);
    if (ARITHMETIC[operator]) return compileArithmetic(ARITHMETIC[operator], left!, right!);
  }
  throw new UserError(`Invalid filter expression: ${JSON.stringify(json)}`);
}

function compileLiteral(json: JSONValue): Expression {
  const value = isUndefinedJson(json) ? undefined : jsonToConvex(json);
  return () => value;
}

function compileComparison(
  holds: (order: number) => boolean,
  leftJson: JSONValue,
  rightJson: JSONValue,
): Expression {
  const left = compileExpression(leftJson);
  const right = compileExpression(rightJson);
  return (document) => holds(compareValues(left(document), right(document)));
}

function compileLogic(operator: "$and" | "$or", operands: readonly JSONValue[]): Expression {
  const parts = operands.map((operand) => compileExpression(operand));
  return operator === "$and"
    ? (document) => parts.every((part) => truth(part(document)))
    : (document) => parts.some((part) => truth(part(document)));
}

function compileNot(operand: JSONValue): Expression {
  const part = compileExpression(operand);
  return (document) => !truth(part(document));
}

function truth(value: Value | undefined): boolean {
  if (typeof value === "boolean") return value;
  throw new UserError(`Expected a boolean, got ${describeValue(value)}`);
}

function compileArithmetic(
  arithmetic: Arithmetic,
  leftJson: JSONValue,
  rightJson: JSONValue,
): Expression {
  const left = compileExpression(leftJson);
  const right = compileExpression(rightJson);
  return (document) => calculate(arithmetic, left(document), right(document));
}

function calculate(
  { verb, floats, ints }: Arithmetic,
  left: Value | undefined,
  right: Value | undefined,
): Value {
  if (typeof left === "number" && typeof right === "number") return floats(left, right);
  if (typeof left !== "bigint" || typeof right !== "bigint") {
    throw new UserError(
      `Cannot ${verb} ${describeValue(left)} (type ${describeType(left)}) and ${describeValue(right)} (type ${describeType(right)})`,
    );
  }
  if (right === 0n && (verb === "divide" || verb === "mod")) {
    throw new UserError(`Cannot ${verb} ${left} by zero`);
  }
  const result = ints(left, right);
  if (BigInt.asIntN(64, result) !== result) {
    throw new UserError(
      `Cannot ${verb} ${left} and ${right}: the result is out of range for Int64`,
    );
  }
  return result;
}

function compileNegation(operand: JSONValue): Expression {
  const part = compileExpression(operand);
  return (document) => {
    const value = part(document);
    if (typeof value === "number") return -value;
    if (typeof value !== "bigint") {
      throw new UserError(`Cannot negate ${describeValue(value)} (type ${describeType(value)})`);
    }
    if (value === -(2n ** 63n)) {
      throw new UserError(`Cannot negate ${value}: the result is out of range for Int64`);
    }
    return -value;
  };
}
