/**
 * A naive database for model tests: all documents in a map, every query a filter and a sort over
 * all of them, with Convex's own comparison.
 */
import { compareValues, convexToJson } from "convex/values";
import type { JSONValue, Value } from "convex/values";
import { fieldAtPath } from "../values/encoding.ts";
import type { ConvexObject } from "../values/encoding.ts";
import type { RangeExpression } from "./index-range.ts";
import type { QueryJson } from "./query.ts";

export const TABLES = ["cats", "dogs"];

/** The indexes of each table. */
export const INDEXES: Record<string, readonly string[]> = {
  by_id: ["_id"],
  by_creation_time: ["_creationTime"],
  by_a: ["a", "_creationTime"],
  by_a_b: ["a", "b", "_creationTime"],
  by_nested: ["nested.c", "a", "_creationTime"],
};

/** One state of all documents, by id. Never changed in place. */
export type World = ReadonlyMap<string, { readonly table: string; readonly value: ConvexObject }>;

/** A query in the test's own terms. */
export interface ModelQuery {
  readonly table: string;
  readonly index: string;
  readonly equals: readonly (Value | undefined)[];
  readonly lower: { readonly value: Value | undefined; readonly inclusive: boolean } | null;
  readonly upper: { readonly value: Value | undefined; readonly inclusive: boolean } | null;
  readonly order: "asc" | "desc";
  /** Keeps documents whose `b` is at most this. */
  readonly filter: { readonly value: Value | undefined } | null;
  readonly limit: number | null;
}

/** The documents of the query's index range in the order of the index. */
export function scanOracle(world: World, query: ModelQuery): ConvexObject[] {
  const fields = INDEXES[query.index]!;
  const rows = [...world.values()]
    .filter(({ table, value }) => table === query.table && isInRange(value, query))
    .map(({ value }) => value);
  const sign = query.order === "asc" ? 1 : -1;
  return rows.sort((left, right) => {
    for (const field of [...fields, "_id"]) {
      const order = compareValues(at(left, field), at(right, field));
      if (order !== 0) return order * sign;
    }
    return 0;
  });
}

/** The query's result. */
export function runOracle(world: World, query: ModelQuery): ConvexObject[] {
  const { filter, limit } = query;
  const rows = scanOracle(world, query).filter(
    (value) => !filter || compareValues(value["b"], filter.value) <= 0,
  );
  return limit === null ? rows : rows.slice(0, limit);
}

/** Whether a document lies in the index range of the query. */
export function isInRange(value: ConvexObject, query: ModelQuery): boolean {
  const fields = INDEXES[query.index]!;
  const equal = query.equals.every(
    (wanted, position) => compareValues(at(value, fields[position]!), wanted) === 0,
  );
  if (!equal) return false;
  const bounded = at(value, fields[query.equals.length] ?? "_id");
  const { lower, upper } = query;
  if (lower) {
    const order = compareValues(bounded, lower.value);
    if (order < 0 || (order === 0 && !lower.inclusive)) return false;
  }
  if (!upper) return true;
  const order = compareValues(bounded, upper.value);
  return order < 0 || (order === 0 && upper.inclusive);
}

/** The query as `ctx.db` would send it. */
export function toQueryJson(query: ModelQuery): QueryJson {
  const fields = INDEXES[query.index]!;
  const range: RangeExpression[] = query.equals.map((value, position) => ({
    type: "Eq",
    fieldPath: fields[position]!,
    value: toJson(value),
  }));
  const fieldPath = fields[query.equals.length]!;
  const { lower, upper, filter, limit } = query;
  if (lower) {
    range.push({ type: lower.inclusive ? "Gte" : "Gt", fieldPath, value: toJson(lower.value) });
  }
  if (upper) {
    range.push({ type: upper.inclusive ? "Lte" : "Lt", fieldPath, value: toJson(upper.value) });
  }
  const operators: ({ filter: JSONValue } | { limit: number })[] = [];
  if (filter) {
    operators.push({ filter: { $lte: [{ $field: "b" }, { $literal: toJson(filter.value) }] } });
  }
  if (limit !== null) operators.push({ limit });
  const indexName = `${query.table}.${query.index}`;
  return { source: { type: "IndexRange", indexName, range, order: query.order }, operators };
}

function toJson(value: Value | undefined): JSONValue {
  return value === undefined ? { $undefined: null } : convexToJson(value);
}

function at(value: ConvexObject, field: string): Value | undefined {
  return fieldAtPath(value, field.split("."));
}
