/**
 * `ctx.vectorSearch`: every vector of the index is compared, in portions between which others run.
 * It reads what is stored while it runs; the documents themselves come later, from a query.
 */
import type { JSONValue } from "convex/values";
import type { VectorIndex } from "../store/catalog.ts";
import { filterMark, unitVector } from "../store/search-entry.ts";
import type { Database } from "./database.ts";
import { keyOf } from "./search-filters.ts";
import { UserError } from "./user-error.ts";

const MAX_RESULTS = 256;
const DEFAULT_RESULTS = 10;
const MAX_CONDITIONS = 64;
const PORTION = 500;

/** A search as the action's `ctx.vectorSearch` sends it. */
export interface VectorQueryJson {
  /** `table.index` */
  readonly indexName: string;
  readonly vector: readonly number[];
  readonly limit?: number;
  /** `$eq` of a field and a value, or `$or` of such; null for no filter. */
  readonly expressions?: JSONValue;
}

export interface VectorMatch {
  readonly _id: string;
  /** The cosine of the angle between the vectors: from -1 to 1. */
  readonly _score: number;
}

interface Candidate {
  readonly row: number;
  readonly score: number;
}

/** The documents whose vectors point most nearly the same way, the nearest first. Throws a UserError. */
export async function searchVectors(
  database: Database,
  component: string,
  query: VectorQueryJson,
): Promise<VectorMatch[]> {
  const { indexName } = query;
  const [tableName = "", name = ""] = indexName.split(".");
  const table = database.catalog.table(component, tableName);
  const index = findIndex(indexName, name, table);
  const limit = limitOf(query.limit);
  const marks = marksOf(index, indexName, query.expressions ?? null);
  const wanted = wantedVector(index, query.vector);
  let best: Candidate[] = [];
  for (let after = 0; ;) {
    const portion = database.store.vectorsAfter(index, after, PORTION);
    for (const { row, vector, filters } of portion) {
      if (marks === null || filters.split(" ").some((mark) => marks.has(mark))) {
        best.push({ row, score: product(wanted, vector) });
      }
    }
    best = best.sort((a, b) => b.score - a.score || b.row - a.row).slice(0, limit);
    if (portion.length < PORTION) break;
    after = portion.at(-1)!.row;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return best.flatMap(({ row, score }) => {
    // Deleted since its vector was compared.
    const doc = database.store.documentInRow(table!, row);
    return doc === null ? [] : [{ _id: doc.id, _score: score }];
  });
}

function findIndex(
  indexName: string,
  name: string,
  table: ReturnType<Database["catalog"]["table"]>,
): VectorIndex {
  const index = table?.searchIndexes.find((one) => one.name === name);
  if (index === undefined) {
    const isOther = table?.indexes.some((one) => one.name === name);
    throw new UserError(
      isOther ? `Index ${indexName} is not a vector index` : `Index ${indexName} not found.`,
    );
  }
  if (index.kind !== "vector") throw new UserError(`Index ${indexName} is not a vector index`);
  if (index.state === "ready") return index;
  throw new UserError(
    `Index ${indexName} is currently backfilling and not available to query yet.`,
  );
}

function limitOf(limit: number | undefined): number {
  if (limit === undefined) return DEFAULT_RESULTS;
  if (limit > MAX_RESULTS) {
    throw new UserError(
      `Vector queries can fetch at most ${MAX_RESULTS} results, requested ${limit}.`,
    );
  }
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new UserError(`Invalid limit ${limit}: it must be a positive integer`);
}

function wantedVector(index: VectorIndex, vector: readonly number[]): Float32Array {
  if (vector.length !== index.dimensions) {
    throw new UserError(
      `Expected a vector with dimensions ${index.dimensions}, received ${vector.length}.`,
    );
  }
  if (!vector.every((element) => typeof element === "number")) {
    throw new UserError("`vector` must be an Array of numbers in vectorSearch");
  }
  return unitVector(vector);
}

function product(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at++) sum += left[at]! * right[at]!;
  return sum;
}

/** The marks of which a document must have one; null without a filter. */
function marksOf(
  index: VectorIndex,
  indexName: string,
  expression: JSONValue,
): ReadonlySet<string> | null {
  if (expression === null) return null;
  const marks = new Set<string>();
  addMarks(index, indexName, expression, marks);
  if (marks.size > MAX_CONDITIONS) {
    throw new UserError(
      `Vector query against ${indexName} has too many conditions. Max: ${MAX_CONDITIONS} Actual: ${marks.size}`,
    );
  }
  return marks;
}

function addMarks(
  index: VectorIndex,
  indexName: string,
  expression: JSONValue,
  marks: Set<string>,
): void {
  const { $eq: pair, $or: parts } = (expression ?? {}) as Record<string, JSONValue | undefined>;
  if (Array.isArray(parts)) {
    for (const part of parts) addMarks(index, indexName, part, marks);
    return;
  }
  if (!Array.isArray(pair)) {
    throw new UserError("Filters should be a combination of `q.eq` and `q.or`.");
  }
  const [field, literal] = pair as [{ $field?: string }, { $literal?: JSONValue }];
  if (typeof field?.$field !== "string" || literal?.$literal === undefined) {
    throw new UserError(
      "`q.eq` must take a field path as its first argument and a value as its second",
    );
  }
  if (!index.filterFields.includes(field.$field)) {
    throw new UserError(
      `Vector query against ${indexName} contains a filter on "${field.$field}" but that field isn't indexed for filtering in \`filterFields\`.`,
    );
  }
  marks.add(filterMark(index, field.$field, keyOf(literal.$literal)));
}
