/** The JSON form of a query, as the function's `ctx.db` sends it, and its plan. */
import type { JSONValue } from "convex/values";
import { byCreationTime, tableKey } from "../store/catalog.ts";
import type { Catalog, Index, Table, TextIndex } from "../store/catalog.ts";
import type { KeyRange, Order } from "../store/rows.ts";
import { compileSearch } from "./search-filters.ts";
import type { Search, SearchFilter } from "./search-filters.ts";
import { compileExpression } from "./expression.ts";
import type { Expression } from "./expression.ts";
import { compileRange, WHOLE_INDEX } from "./index-range.ts";
import type { RangeExpression } from "./index-range.ts";
import { UserError } from "./user-error.ts";

export interface QueryJson {
  readonly source: QuerySource;
  readonly operators: readonly ({ readonly filter: JSONValue } | { readonly limit: number })[];
}

export type QuerySource =
  | { readonly type: "FullTableScan"; readonly tableName: string; readonly order: Order | null }
  | {
      readonly type: "IndexRange";
      /** `table.index` */
      readonly indexName: string;
      readonly range: readonly RangeExpression[];
      readonly order: Order | null;
    }
  | {
      readonly type: "Search";
      readonly indexName: string;
      readonly filters: readonly SearchFilter[];
    };

export type Operator = { readonly filter: Expression } | { readonly limit: number };

/** Where a query reads. A table that does not exist (yet) is read as a point of the catalog. */
export type QueryTarget =
  | { readonly kind: "missing"; readonly catalogKey: string }
  | {
      readonly kind: "index";
      readonly table: Table;
      readonly index: Index;
      readonly range: KeyRange;
    }
  | {
      readonly kind: "search";
      readonly table: Table;
      readonly index: TextIndex;
      readonly search: Search;
      /** Of the results' places in their order. */
      readonly range: KeyRange;
    };

export interface QueryPlan {
  readonly target: QueryTarget;
  readonly order: Order;
  readonly operators: readonly Operator[];
}

const MAX_OPERATORS = 256;

/** Finds the tables that a query names: the catalog, with the tables that the transaction has made. */
export type TableLookup = Pick<Catalog, "table">;

/** Plans a query of a component's tables. Throws a UserError when it breaks a rule. */
export function planQuery(tables: TableLookup, component: string, query: QueryJson): QueryPlan {
  const { source } = query;
  if (query.operators.length > MAX_OPERATORS) {
    throw new UserError(`Query has too many operators: maximum is ${MAX_OPERATORS}`);
  }
  const operators = query.operators.map((operator) =>
    "filter" in operator ? { filter: compileExpression(operator.filter) } : checkLimit(operator),
  );
  if (source.type === "Search") {
    return { target: findSearch(tables, component, source), order: "asc", operators };
  }
  return { target: findTarget(tables, component, source), order: source.order ?? "asc", operators };
}

function findSearch(
  tables: TableLookup,
  component: string,
  { indexName, filters }: Extract<QuerySource, { type: "Search" }>,
): QueryTarget {
  const [tableName = "", name = ""] = indexName.split(".");
  const table = tables.table(component, tableName);
  const index = table?.searchIndexes.find((one) => one.name === name && one.state === "ready");
  if (index?.kind === "text") {
    const search = compileSearch(indexName, index, filters);
    return { kind: "search", table: table!, index, search, range: WHOLE_INDEX };
  }
  if (index || table?.indexes.some((one) => one.name === name)) {
    throw new UserError(`Index ${indexName} is not a search index`);
  }
  if (table?.searchIndexes.some((one) => one.name === name)) {
    throw new UserError(
      `Index ${indexName} is currently backfilling and not available to query yet.`,
    );
  }
  throw new UserError(`Index ${indexName} not found.`);
}

function checkLimit(operator: { readonly limit: number }): Operator {
  if (!Number.isInteger(operator.limit) || operator.limit < 0) {
    throw new UserError(`Invalid limit ${operator.limit}: it must be a non-negative integer`);
  }
  return operator;
}

function findTarget(
  tables: TableLookup,
  component: string,
  source: Exclude<QuerySource, { type: "Search" }>,
): QueryTarget {
  if (source.type === "FullTableScan") {
    const table = tables.table(component, source.tableName);
    if (!table) return { kind: "missing", catalogKey: tableKey(component, source.tableName) };
    return { kind: "index", table, index: byCreationTime(table), range: WHOLE_INDEX };
  }
  const [tableName = "", indexName = ""] = source.indexName.split(".");
  const table = tables.table(component, tableName);
  const index = table?.indexes.find((one) => one.name === indexName && one.state === "ready");
  if (!index && !isBuiltInName(indexName)) {
    throw new UserError(`Index ${source.indexName} not found.`);
  }
  if (!table || !index) {
    return { kind: "missing", catalogKey: tableKey(component, tableName) };
  }
  const fields = { declared: declaredFields(index), tableNumber: table.number };
  const range = compileRange(source.indexName, fields, source.range);
  return { kind: "index", table, index, range };
}

function isBuiltInName(indexName: string): boolean {
  return indexName === "by_id" || indexName === "by_creation_time";
}

/** An index goes on with the creation time, except by_id. */
function declaredFields(index: Index): readonly string[] {
  return index.name === "by_id" ? index.fields : [...index.fields, "_creationTime"];
}
