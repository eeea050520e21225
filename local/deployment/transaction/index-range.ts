/** Index ranges: the conditions of `withIndex` to one half-open range of keys. */
import { jsonToConvex } from "convex/values";
import type { JSONValue, Value } from "convex/values";
import type { KeyRange } from "../store/rows.ts";
import { describeValue } from "../values/describe.ts";
import { tryDecodeId } from "../values/id.ts";
import { afterPrefix, encodeKey, FIRST_KEY, internalIdKey, LAST_KEY } from "../values/key.ts";
import type { Key } from "../values/key.ts";
import { UserError } from "./user-error.ts";

export interface RangeExpression {
  readonly type: "Eq" | "Gt" | "Gte" | "Lt" | "Lte";
  readonly fieldPath: string;
  readonly value: JSONValue;
}

export const WHOLE_INDEX: KeyRange = { lower: FIRST_KEY, upper: LAST_KEY };

/** What a range may name: the fields of an index, in its order, on a table. */
export interface RangeFields {
  readonly tableNumber: number;
  /** Those that the index is declared with, then `_creationTime`; only `_id` for `by_id`. */
  readonly declared: readonly string[];
}

const SEE = "See https://docs.convex.dev/using/indexes for more info.";
const MORE = "For more information see https://docs.convex.dev/using/indexes.";

interface Conditions {
  readonly equal: Map<string, RangeExpression>;
  lower: RangeExpression | null;
  upper: RangeExpression | null;
}

/**
 * The keys that satisfy all conditions: equalities on the first fields of the index, then at most
 * one lower and one upper bound on the next. Every index goes on with `_id`. Throws a UserError for
 * any other combination.
 */
export function compileRange(
  indexName: string,
  { declared, tableNumber }: RangeFields,
  expressions: readonly RangeExpression[],
): KeyRange {
  const fields = declared.includes("_id") ? declared : [...declared, "_id"];
  const conditions = sortConditions(indexName, declared, expressions);
  const { equal, lower, upper } = conditions;
  const keyOf = (bound: RangeExpression): Key =>
    fields !== declared && bound.fieldPath === "_id"
      ? idKey(boundValue(bound), tableNumber)
      : encodeKey(boundValue(bound));
  let prefix = FIRST_KEY;
  let used = 0;
  for (; used < fields.length && equal.has(fields[used]!); used++)
    prefix += keyOf(equal.get(fields[used]!)!);
  const bounded = lower?.fieldPath ?? upper?.fieldPath;
  const misplaced =
    [...equal.keys()].find((field) => fields.indexOf(field) >= used) ??
    (bounded !== undefined && fields[used] !== bounded ? bounded : undefined);
  if (misplaced !== undefined) throw outOfOrder(indexName, declared, expressions, misplaced);
  const from = lower && { key: prefix + keyOf(lower), isIncluded: lower.type === "Gte" };
  const to = upper && { key: prefix + keyOf(upper), isIncluded: upper.type === "Lte" };
  return { lower: lowerKey(prefix, from), upper: upperKey(prefix, to) };
}

function sortConditions(
  indexName: string,
  declared: readonly string[],
  expressions: readonly RangeExpression[],
): Conditions {
  const conditions: Conditions = { equal: new Map(), lower: null, upper: null };
  for (const expression of expressions) {
    const { fieldPath, type } = expression;
    if (fieldPath !== "_id" && !declared.includes(fieldPath)) {
      throw new UserError(
        `The index range included a comparison with "${fieldPath}", but ${indexName} with fields ${listFields(declared)} doesn't index this field. ${MORE}`,
      );
    }
    if (type === "Eq") {
      if (conditions.equal.has(fieldPath)) throw boundTwice("equality", expression);
      conditions.equal.set(fieldPath, expression);
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

interface Bound {
  readonly key: Key;
  readonly isIncluded: boolean;
}

function lowerKey(prefix: Key, bound: Bound | null): Key {
  if (!bound) return prefix;
  return bound.isIncluded ? bound.key : afterPrefix(bound.key);
}

function upperKey(prefix: Key, bound: Bound | null): Key {
  if (!bound) return prefix === FIRST_KEY ? LAST_KEY : afterPrefix(prefix);
  return bound.isIncluded ? afterPrefix(bound.key) : bound.key;
}

/** The bytes of an id of the table, with which a key ends: they have the order of the ids. */
function idKey(value: Value | undefined, tableNumber: number): Key {
  const id = typeof value === "string" ? tryDecodeId(value) : null;
  if (id?.tableNumber === tableNumber) return internalIdKey(id.internal);
  throw new UserError(
    `The index range included a comparison of "_id" with ${describeValue(value)}, which is no id of its table.`,
  );
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
  declared: readonly string[],
  expressions: readonly RangeExpression[],
  first: string,
): UserError {
  const queried = expressions.map((expression) => expression.fieldPath);
  return new UserError(
    `Tried to query index ${indexName} but the query didn't use the index fields in order.\n` +
      `Index fields: ${listFields(declared)}\n` +
      `Query fields: ${listFields(queried)}\n` +
      `First incorrect field: ${first}\n${MORE}`,
  );
}

function listFields(fields: readonly string[]): string {
  return `[${fields.map((field) => `"${field}"`).join(", ")}]`;
}
