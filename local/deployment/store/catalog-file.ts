/** The catalog in the data file: read at the start, changed by commits. */
import type { DatabaseSync } from "node:sqlite";
import type { ValidatorJson } from "../values/validator.ts";
import { builtInIndexes, Catalog, FIRST_USER_TABLE_NUMBER } from "./catalog.ts";
import type { CatalogChange, Index, SearchIndex, SystemTable, Table } from "./catalog.ts";

/** The part of a schema's JSON that the catalog needs: what `schema.export()` and the CLI give. */
export interface SchemaJson {
  readonly tables: readonly {
    readonly tableName: string;
    readonly indexes: readonly {
      readonly indexDescriptor: string;
      readonly fields: readonly string[];
    }[];
    readonly searchIndexes?: readonly {
      readonly indexDescriptor: string;
      readonly searchField: string;
      readonly filterFields: readonly string[];
    }[];
    readonly vectorIndexes?: readonly {
      readonly indexDescriptor: string;
      readonly vectorField: string;
      readonly dimensions: number;
      readonly filterFields: readonly string[];
    }[];
    readonly documentType?: ValidatorJson | null;
  }[];
  readonly schemaValidation: boolean;
}

/** The validator by which the schema guards a table's documents; null where it guards none. */
export function tableValidator(schema: SchemaJson | null, name: string): ValidatorJson | null {
  if (!schema?.schemaValidation) return null;
  return schema.tables.find((table) => table.tableName === name)?.documentType ?? null;
}

/** Reads the catalog. Indexes that were dropped or left half built come back as `leftovers`. */
export function readCatalog(sqlite: DatabaseSync): { catalog: Catalog; leftovers: number[] } {
  const schemas = new Map<string, string>();
  for (const row of sqlite.prepare("SELECT component, json FROM schemas").all()) {
    schemas.set(row["component"] as string, row["json"] as string);
  }
  const indexes = new Map<number, Index[]>();
  const searchIndexes = new Map<number, SearchIndex[]>();
  const leftovers: number[] = [];
  let nextIndexId = 1;
  for (const row of sqlite.prepare("SELECT * FROM indexes ORDER BY id").all()) {
    const id = row["id"] as number;
    nextIndexId = id + 1;
    if (row["state"] !== "ready") {
      leftovers.push(id);
      continue;
    }
    const fields = JSON.parse(row["fields"] as string) as string[] | SearchShape;
    const known = { id, name: row["name"] as string, state: "ready" } as const;
    const number = row["table_number"] as number;
    if (Array.isArray(fields)) appendTo(indexes, number, { ...known, fields });
    else appendTo(searchIndexes, number, { ...known, ...fields });
  }
  const parsed = new Map(
    [...schemas].map(([path, json]) => [path, JSON.parse(json) as SchemaJson]),
  );
  const tables: Table[] = [];
  let nextTableNumber = FIRST_USER_TABLE_NUMBER;
  for (const row of sqlite.prepare("SELECT * FROM tables").all()) {
    const number = row["number"] as number;
    const component = row["component"] as string;
    const name = row["name"] as string;
    nextTableNumber = Math.max(nextTableNumber, number + 1);
    const validator = tableValidator(parsed.get(component) ?? null, name);
    tables.push({
      number,
      component,
      name,
      indexes: indexes.get(number) ?? [],
      searchIndexes: searchIndexes.get(number) ?? [],
      validator,
    });
  }
  return { catalog: new Catalog({ tables, schemas, nextTableNumber, nextIndexId }), leftovers };
}

/** What a search index is, besides its name: the JSON that the data file keeps. */
type SearchShape = SearchIndex extends infer One
  ? One extends SearchIndex
    ? Omit<One, "id" | "name" | "state">
    : never
  : never;

function appendTo<T>(lists: Map<number, T[]>, at: number, item: T): void {
  const list = lists.get(at);
  if (list) list.push(item);
  else lists.set(at, [item]);
}

/** The indexes of both kinds that the first state of a table has and the second has not. */
export function lostIndexes(before: Table | undefined, after: Table): number[] {
  const kept = new Set([...after.indexes, ...after.searchIndexes].map(({ id }) => id));
  return [...(before?.indexes ?? []), ...(before?.searchIndexes ?? [])]
    .map(({ id }) => id)
    .filter((id) => !kept.has(id));
}

/** Writes one commit's change of the catalog, inside the commit's SQL transaction. */
export function writeCatalogChange(
  sqlite: DatabaseSync,
  previous: Catalog,
  change: CatalogChange,
): void {
  for (const number of change.removed ?? []) {
    sqlite.prepare("UPDATE indexes SET state = 'dropped' WHERE table_number = ?").run(number);
    sqlite.prepare("DELETE FROM tables WHERE number = ?").run(number);
  }
  for (const table of change.tables) {
    sqlite
      .prepare("INSERT OR IGNORE INTO tables (number, component, name) VALUES (?, ?, ?)")
      .run(table.number, table.component, table.name);
    for (const id of lostIndexes(previous.tableByNumber(table.number), table)) {
      sqlite.prepare("UPDATE indexes SET state = 'dropped' WHERE id = ?").run(id);
    }
    const write = sqlite.prepare(
      "INSERT OR REPLACE INTO indexes (id, table_number, name, fields, state) VALUES (?, ?, ?, ?, ?)",
    );
    for (const { id, name, fields, state } of table.indexes) {
      write.run(id, table.number, name, JSON.stringify(fields), state);
    }
    for (const { id, name, state, ...shape } of table.searchIndexes) {
      write.run(id, table.number, name, JSON.stringify(shape), state);
    }
  }
  for (const [component, json] of change.schemas) {
    if (json === null) sqlite.prepare("DELETE FROM schemas WHERE component = ?").run(component);
    else sqlite.prepare("INSERT OR REPLACE INTO schemas VALUES (?, ?)").run(component, json);
  }
}

/**
 * The change that gives the catalog the system tables it lacks. An index that the program gained
 * since the file was written comes as backfilling: the caller fills it before use.
 */
export function missingSystemTables(
  catalog: Catalog,
  wanted: readonly SystemTable[],
): CatalogChange {
  const tables: Table[] = [];
  let nextId = catalog.nextIndexId;
  for (const system of wanted) {
    // By name: a file of an earlier version keeps the number that its ids have.
    const known = catalog.table("", system.name);
    const indexes = known ? [...known.indexes] : builtInIndexes(nextId);
    if (!known) nextId += indexes.length;
    const kept = indexes.filter(
      (index) => isBuiltIn(index) || system.indexes.some((one) => sameIndex(one, index)),
    );
    for (const index of system.indexes) {
      if (kept.some((one) => sameIndex(index, one))) continue;
      kept.push({ id: nextId++, ...index, state: known ? "backfilling" : "ready" });
    }
    if (
      known &&
      kept.length === known.indexes.length &&
      kept.every((one) => one.state === "ready")
    ) {
      continue;
    }
    const { name } = system;
    const number = known?.number ?? system.number;
    tables.push({
      number,
      component: "",
      name,
      indexes: kept,
      searchIndexes: [],
      validator: null,
    });
  }
  return { tables, schemas: new Map() };
}

export function isBuiltIn(index: Index): boolean {
  return index.name === "by_id" || index.name === "by_creation_time";
}

/** Whether a search index already is what a schema asks for. */
export function sameSearchIndex(left: NewSearchIndex, right: NewSearchIndex): boolean {
  const { name, kind, filterFields } = left;
  if (name !== right.name || kind !== right.kind) return false;
  if (filterFields.length !== right.filterFields.length) return false;
  if (!filterFields.every((field, at) => field === right.filterFields[at])) return false;
  if (left.kind === "text") return right.kind === "text" && left.searchField === right.searchField;
  return (
    right.kind === "vector" &&
    left.vectorField === right.vectorField &&
    left.dimensions === right.dimensions
  );
}

/** A search index as a schema asks for it. */
export type NewSearchIndex = SearchShape & { readonly name: string };

/** Whether an index already is what a schema asks for: an index is its name and its fields. */
export function sameIndex(
  left: { readonly name: string; readonly fields: readonly string[] },
  right: { readonly name: string; readonly fields: readonly string[] },
): boolean {
  return (
    left.name === right.name &&
    left.fields.length === right.fields.length &&
    left.fields.every((field, at) => field === right.fields[at])
  );
}
