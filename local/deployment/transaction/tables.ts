/** The tables and schemas as one transaction sees them, with those that it makes or changes. */
import { builtInIndexes, FIRST_USER_TABLE_NUMBER } from "../store/catalog.ts";
import type { Catalog, CatalogChange, Index, SearchIndex, Table } from "../store/catalog.ts";
import type { NewSearchIndex } from "../store/catalog-file.ts";
import { MAX_TABLES, tooManyTables } from "./schema-rules.ts";
import { UserError } from "./user-error.ts";

export class Tables {
  readonly #catalog: Catalog;
  /** Throws unless the transaction may write. */
  readonly #assertWriting: () => void;
  /** Those that the transaction makes or changes. */
  readonly #staged = new Map<number, Table>();
  readonly #removed: number[] = [];
  readonly #schemas = new Map<string, string | null>();
  #nextNumber: number;
  #nextIndexId: number;

  constructor(catalog: Catalog, assertWriting: () => void) {
    this.#catalog = catalog;
    this.#assertWriting = assertWriting;
    this.#nextNumber = catalog.nextTableNumber;
    this.#nextIndexId = catalog.nextIndexId;
  }

  /** Part of TableLookup. */
  table(component: string, name: string): Table | undefined {
    if (isSystemTable(name)) return this.#catalog.table(SYSTEM, name);
    for (const table of this.#staged.values()) {
      if (table.component === component && table.name === name) return table;
    }
    return this.#catalog.table(component, name);
  }

  byNumber(number: number): Table | undefined {
    return this.#staged.get(number) ?? this.#catalog.tableByNumber(number);
  }

  /** All of a component. */
  of(component: string): Table[] {
    return this.all().filter((table) => table.component === component);
  }

  /** Those of all components, the deployment's own among them. */
  all(): Table[] {
    const tables = [...this.#catalog.tables()].filter((table) => !this.#staged.has(table.number));
    return [...tables, ...this.#staged.values()];
  }

  /** Whether the transaction makes it: nothing of it is stored. */
  isNew(table: Table): boolean {
    return this.#catalog.tableByNumber(table.number) === undefined;
  }

  /**
   * Makes a table with the built-in indexes and `indexes`, which are in use at once or later. A
   * number that is asked for must be free.
   */
  create(
    component: string,
    name: string,
    indexes: readonly Pick<Index, "name" | "fields" | "state">[],
    searchIndexes: readonly (NewSearchIndex & Pick<SearchIndex, "state">)[],
    validator: Table["validator"],
    wantedNumber: number | null = null,
  ): Table {
    checkTableName(name);
    const builtIn = builtInIndexes(this.#nextIndexId);
    this.#nextIndexId += builtIn.length;
    const number = wantedNumber ?? this.newNumber();
    this.#nextNumber = Math.max(this.#nextNumber, number + 1);
    const own = indexes.map((index) => this.newIndex(index));
    const table = {
      number,
      component,
      name,
      indexes: [...builtIn, ...own],
      searchIndexes: searchIndexes.map((index) => this.newSearchIndex(index)),
      validator,
    };
    this.change(table);
    return table;
  }

  /** The number for a table that is about to be made. */
  newNumber(): number {
    const mayBeMany = this.#nextNumber - FIRST_USER_TABLE_NUMBER >= MAX_TABLES;
    if (mayBeMany && this.all().length >= MAX_TABLES) throw tooManyTables();
    return this.#nextNumber++;
  }

  /**
   * Gives empty tables other numbers, so that documents with ids of those numbers fit in. Nothing
   * else may be staged, and the numbers must be free once these tables have left theirs.
   */
  renumber(numbers: ReadonlyMap<Table, number>): void {
    this.#assertWriting();
    this.#removed.push(...[...numbers.keys()].map(({ number }) => number));
    for (const [table, number] of numbers) {
      const indexes = table.indexes.map((index) => this.newIndex(index));
      const searchIndexes = table.searchIndexes.map((index) => this.newSearchIndex(index));
      this.#staged.set(number, { ...table, number, indexes, searchIndexes });
      this.#nextNumber = Math.max(this.#nextNumber, number + 1);
    }
  }

  /** An index with an id of its own, for `change`. */
  newIndex(index: Pick<Index, "name" | "fields" | "state">): Index {
    return { ...index, id: this.#nextIndexId++ };
  }

  newSearchIndex(index: NewSearchIndex & Pick<SearchIndex, "state">): SearchIndex {
    return { ...index, id: this.#nextIndexId++ };
  }

  /** Stages a table's new indexes and validator. Not for tables that this transaction has written to. */
  change(table: Table): void {
    this.#assertWriting();
    this.#staged.set(table.number, table);
  }

  /** A component's active schema, JSON text; null without one. */
  schema(component: string): string | null {
    const staged = this.#schemas.get(component);
    return staged === undefined ? (this.#catalog.schema(component) ?? null) : staged;
  }

  /** Stages a component's active schema, JSON text; null removes it. */
  setSchema(component: string, json: string | null): void {
    this.#assertWriting();
    this.#schemas.set(component, json);
  }

  /** All that is staged; null when it is nothing. */
  stagedChange(): CatalogChange | null {
    if (this.#staged.size === 0 && this.#schemas.size === 0) return null;
    const tables = [...this.#staged.values()];
    return { tables, removed: this.#removed, schemas: this.#schemas };
  }
}

/** The deployment's own tables serve all components. */
const SYSTEM = "";

export function isSystemTable(name: string): boolean {
  return name.startsWith("_");
}

const TABLE_NAME = /^_?[A-Za-z][A-Za-z0-9_]{0,63}$/;

function checkTableName(name: string): void {
  if (TABLE_NAME.test(name)) return;
  throw new UserError(
    `Invalid table name: "${name}". Identifiers must start with a letter and can only contain letters, digits, and underscores.`,
  );
}
