/** Index ranges: the conditions of `withIndex` to one half-open range of keys. */
import { jsonToConvex } from "convex/values";
import type { JSONValue, Value } from "convex/values";
import type { KeyRange } from "../store/rows.ts";
import { describeValue } from "../values/describe.ts";
import { afterPrefix, encodeKey, FIRST_KEY, LAST_KEY } from "../values/key.ts";
import type { Key } from "../values/key.ts";
import { UserError } from "./user-error.ts";

export interface RangeExpression {
  readonly type: "Eq" | "Gt" | "Gte" | "Lt" | "Lte";
  readonly fieldPath: string;
  readonly value: JSONValue;
}

export const WHOLE_INDEX: KeyRange = { lower: FIRST_KEY, upper: LAST_KEY };

const SEE = "See https://docs.convex.dev/using/indexes for more info.";
const MORE = "For more information see https://docs.convex.dev/using/indexes.";

interface Conditions {
  readonly equal: Map<string, Key>;
  lower: RangeExpression | null;
  upper: RangeExpression | null;
}

/**
 * The keys that satisfy all conditions: equalities on the first fields of the index, then at most
 * one lower and one upper bound on the next. Throws a UserError for any other combination.
 */
export function compileRange(
  indexName: string,
  fields: readonly string[],
  expressions: readonly RangeExpression[],
): KeyRange {
  const conditions = sortConditions(indexName, fields, expressions);
  const { equal, lower, upper } = conditions;
  let prefix = FIRST_KEY;
  let used = 0;
  for (; used < fields.length && equal.has(fields[used]!); used++)
    prefix += equal.get(fields[used]!)!;
  const bounded = lower?.fieldPath ?? upper?.fieldPath;
  const misplaced =
    [...equal.keys()].find((field) => fields.indexOf(field) >= used) ??
    (bounded !== undefined && fields[used] !== bounded ? bounded : undefined);
  if (misplaced !== undefined) throw outOfOrder(indexName, fields, expressions, misplaced);
  return { lower: lowerKey(prefix, lower), upper: upperKey(prefix, upper) };
}

function sortConditions(
  indexName: string,
  fields: readonly string[],
  expressions: readonly RangeExpression[],
): Conditions {
  const conditions: Conditions = { equal: new Map(), lower: null, upper: null };
  for (const expression of expressions) {
    const { fieldPath, type } = expression;
    if (!fields.includes(fieldPath)) {
      throw new UserError(
        `The index range included a comparison with "${fieldPath}", but ${indexName} with fields ${listFields(fields)} doesn't index this field. ${MORE}`,
      );
    }
    if (type === "Eq") {
      if (conditions.equal.has(fieldPath)) throw boundTwice("equality", expression);
      conditions.equal.set(fieldPath, encodeKey(boundValue(expression)));
    } else {
      const side = type === "Gt" || type === "Gte" ? "lower" : "upper";
      if (conditions[side]) throw boundTwice(side, expression);
      conditions[side] = expression;
    }
  }
  const { lower, upper } = conditions;
  if (lower && upper && lower.fieldPath !== upper.fieldPath) {
    throw new UserError(
      `Upper and lower bounds in \`range\` can only be applied to a single index field. This query against index ${indexName} attempted to set a range bound on both "${lower.fieldPath}" and "${upper.fieldPath}". Consider using \`filter\` instead. ${SEE}`,
    );
  }
  return conditions;
}

function lowerKey(prefix: Key, bound: RangeExpression | null): Key {
  if (!bound) return prefix;
  const key = prefix + encodeKey(boundValue(bound));
  return bound.type === "Gte" ? key : afterPrefix(key);
}

function upperKey(prefix: Key, bound: RangeExpression | null): Key {
  if (!bound) return prefix === FIRST_KEY ? LAST_KEY : afterPrefix(prefix);
  const key = prefix + encodeKey(boundValue(bound));
  return bound.type === "Lt" ? key : afterPrefix(key);
}

/** The value of a condition; `{"$undefined": null}` stands for a missing field. */
function boundValue({ value }: RangeExpression): Value | undefined {
  return isUndefinedJson(value) ? undefined : jsonToConvex(value);
}

/** Whether JSON says `undefined`, which filters and ranges compare with missing fields. */
export function isUndefinedJson(value: JSONValue): boolean {
  return typeof value === "object" && value !== null && "$undefined" in value;
}

function boundTwice(bound: string, expression: RangeExpression): UserError {
  const comparators = { Eq: "==", Gt: ">", Gte: ">=", Lt: "<", Lte: "<=" };
  return new UserError(
    `Already defined ${bound} bound in index range. Can't add "${expression.fieldPath}" ${comparators[expression.type]} ${describeValue(boundValue(expression))}.`,
  );
}

function outOfOrder(
  indexName: string,
  fields: readonly string[],
  expressions: readonly RangeExpression[],
  first: string,
): UserError {
  const queried = expressions.map((expression) => expression.fieldPath);
  return new UserError(
    `Tried to query index ${indexName} but the query didn't use the index fields in order.\n` +
      `Index fields: ${listFields(fields)}\n` +
      `Query fields: ${listFields(queried)}\n` +
      `First incorrect field: ${first}\n${MORE}`,
  );
}

function listFields(fields: readonly string[]): string {
  return `[${fields.map((field) => `"${field}"`).join(", ")}]`;
}
