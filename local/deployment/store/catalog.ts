/**
 * The tables, their indexes and the active schemas. A catalog never changes: each change makes a
 * new one, so that a reader keeps the catalog of its snapshot.
 */
import { encodeKey } from "../values/key.ts";
import type { Key } from "../values/key.ts";
import type { ValidatorJson } from "../values/validator.ts";

export const FIRST_USER_TABLE_NUMBER = 10_001;

/** The id under which a read or a creation of a table is recorded in read and write sets. */
export const CATALOG_INDEX_ID = 0;

export interface Index {
  readonly id: number;
  readonly name: string;
  /** Dotted paths; the keys of all indexes but `by_id` go on with `_creationTime` and the id. */
  readonly fields: readonly string[];
  /** A backfilling index is written but not yet read. */
  readonly state: "ready" | "backfilling";
}

/** A search index holds the words of one text field, with filter fields by which a search may narrow. */
export interface TextIndex {
  readonly kind: "text";
  readonly id: number;
  readonly name: string;
  readonly searchField: string;
  readonly filterFields: readonly string[];
  readonly state: Index["state"];
}

/** A vector index holds one field's lists of `dimensions` numbers. */
export interface VectorIndex {
  readonly kind: "vector";
  readonly id: number;
  readonly name: string;
  readonly vectorField: string;
  readonly dimensions: number;
  readonly filterFields: readonly string[];
  readonly state: Index["state"];
}

/** Its id is of the same row of numbers as an Index's. */
export type SearchIndex = TextIndex | VectorIndex;

export interface Table {
  readonly number: number;
  /** Path of the component that owns the table; "" is the app itself. */
  readonly component: string;
  readonly name: string;
  /** `by_id` and `by_creation_time` first. */
  readonly indexes: readonly Index[];
  readonly searchIndexes: readonly SearchIndex[];
  /** What its documents must be, where a schema is enforced. */
  readonly validator: ValidatorJson | null;
}

export interface SystemTable {
  /** Starts with `_`. */
  readonly name: string;
  /** In new data files; below 10,000. Ids carry it, so a file that has the table keeps its number. */
  readonly number: number;
  readonly indexes: readonly { readonly name: string; readonly fields: readonly string[] }[];
}

/** What one commit changes in the catalog. */
export interface CatalogChange {
  /** New tables, and tables whose indexes or validator changed, as they are afterwards. */
  readonly tables: readonly Table[];
  /** Numbers of tables that are no more; an import may give one to another table at once. */
  readonly removed?: readonly number[];
  /** Schemas that became active, by component; null where a component has none any more. */
  readonly schemas: ReadonlyMap<string, string | null>;
}

interface CatalogParts {
  readonly tables: Iterable<Table>;
  readonly schemas: ReadonlyMap<string, string>;
  readonly nextTableNumber: number;
  readonly nextIndexId: number;
}

export class Catalog {
  /** By component, then by name. */
  readonly #byName = new Map<string, Map<string, Table>>();
  readonly #byNumber = new Map<number, Table>();
  readonly #schemas: ReadonlyMap<string, string>;
  /** Numbers that no table or index has had yet. */
  readonly nextTableNumber: number;
  readonly nextIndexId: number;

  constructor(parts: CatalogParts) {
    for (const table of parts.tables) {
      let tables = this.#byName.get(table.component);
      if (tables === undefined) this.#byName.set(table.component, (tables = new Map()));
      tables.set(table.name, table);
      this.#byNumber.set(table.number, table);
    }
    this.#schemas = parts.schemas;
    this.nextTableNumber = parts.nextTableNumber;
    this.nextIndexId = parts.nextIndexId;
  }

  table(component: string, name: string): Table | undefined {
    return this.#byName.get(component)?.get(name);
  }

  tableByNumber(number: number): Table | undefined {
    return this.#byNumber.get(number);
  }

  tables(): Iterable<Table> {
    return this.#byNumber.values();
  }

  /** The active schema of a component as the push gave it, JSON text; undefined when there is none. */
  schema(component: string): string | undefined {
    return this.#schemas.get(component);
  }

  with(change: CatalogChange): Catalog {
    const tables = new Map(this.#byNumber);
    for (const number of change.removed ?? []) tables.delete(number);
    let { nextTableNumber, nextIndexId } = this;
    for (const table of change.tables) {
      tables.set(table.number, table);
      nextTableNumber = Math.max(nextTableNumber, table.number + 1);
      for (const { id } of [...table.indexes, ...table.searchIndexes]) {
        nextIndexId = Math.max(nextIndexId, id + 1);
      }
    }
    const schemas = new Map(this.#schemas);
    for (const [component, json] of change.schemas) {
      if (json === null) schemas.delete(component);
      else schemas.set(component, json);
    }
    return new Catalog({ tables: tables.values(), schemas, nextTableNumber, nextIndexId });
  }
}

/** The key under which a table's existence is read and written in the catalog. */
export function tableKey(component: string, name: string): Key {
  return encodeKey(component) + encodeKey(name);
}

/** The two indexes that every table has, with the ids from `firstId` on. */
export function builtInIndexes(firstId: number): Index[] {
  return [
    { id: firstId, name: "by_id", fields: ["_id"], state: "ready" },
    { id: firstId + 1, name: "by_creation_time", fields: [], state: "ready" },
  ];
}

export function byId(table: Table): Index {
  return table.indexes[0]!;
}

export function byCreationTime(table: Table): Index {
  return table.indexes[1]!;
}
