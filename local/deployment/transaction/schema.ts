/**
 * A new schema in two steps. Preparing checks every stored document and builds the new indexes
 * beside the running deployment; activating switches validators and indexes in the push's commit.
 */
import { FIRST_KEY } from "../values/key.ts";
import { byCreationTime } from "../store/catalog.ts";
import type { Index, SearchIndex, Table } from "../store/catalog.ts";
import { isBuiltIn, sameIndex, sameSearchIndex, tableValidator } from "../store/catalog-file.ts";
import type { NewSearchIndex, SchemaJson } from "../store/catalog-file.ts";
import type { DocumentChange } from "../store/commit-log.ts";
import type { Doc } from "../store/document.ts";
import { checkValue, ValidationError } from "../values/validator.ts";
import type { ValidationContext, ValidatorJson } from "../values/validator.ts";
import type { Database } from "./database.ts";
import { WHOLE_INDEX } from "./index-range.ts";
import type { Transaction } from "./transaction.ts";
import { UserError } from "./user-error.ts";

const CHECK_BATCH = 500;
const READY = "ready" as const;

type IndexShape = Pick<Index, "name" | "fields">;

/** A schema whose indexes are being built or are built. Made by `prepareSchema`. */
export class PendingSchema {
  readonly component: string;
  readonly json: string | null;
  readonly schema: SchemaJson | null;
  readonly #database: Database;
  readonly #withdraw: () => void;
  #failure: UserError | null = null;

  constructor(database: Database, component: string, json: string | null) {
    this.#database = database;
    this.component = component;
    this.json = json;
    this.schema = json === null ? null : (JSON.parse(json) as SchemaJson);
    this.#withdraw = database.addPendingSchema(this);
  }

  /** Throws the UserError of the first document, stored or written meanwhile, that does not fit. */
  assertHolds(): void {
    if (this.#failure) throw this.#failure;
  }

  /** The indexes that the schema wants on a table. */
  indexesOf(component: string, tableName: string): readonly IndexShape[] {
    if (component !== this.component) return [];
    const table = this.schema?.tables.find((one) => one.tableName === tableName);
    return (table?.indexes ?? []).map(({ indexDescriptor, fields }) => ({
      name: indexDescriptor,
      fields: withoutCreationTime(fields),
    }));
  }

  /** The search and vector indexes that the schema wants on a table. */
  searchIndexesOf(component: string, tableName: string): readonly NewSearchIndex[] {
    if (component !== this.component) return [];
    const table = this.schema?.tables.find((one) => one.tableName === tableName);
    return [
      ...(table?.searchIndexes ?? []).map(({ indexDescriptor, ...index }) => ({
        kind: "text" as const,
        name: indexDescriptor,
        searchField: index.searchField,
        filterFields: index.filterFields,
      })),
      ...(table?.vectorIndexes ?? []).map(({ indexDescriptor, ...index }) => ({
        kind: "vector" as const,
        name: indexDescriptor,
        vectorField: index.vectorField,
        dimensions: index.dimensions,
        filterFields: index.filterFields,
      })),
    ];
  }

  /** Checks what a commit writes while the schema is not active yet. */
  observe(transaction: Transaction, changes: Iterable<DocumentChange>): void {
    if (this.#failure) return;
    const context = transaction.validationContext(this.component);
    for (const { table, after } of changes) {
      if (after && table.component === this.component) this.check(table, after, context);
    }
  }

  /** Notes a document that does not fit. */
  check(table: Table, document: Doc, context: ValidationContext): void {
    const validator = tableValidator(this.schema, table.name);
    if (!validator || this.#failure) return;
    try {
      const { _id, _creationTime, ...fields } = document.value;
      checkValue(validator, fields, context);
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      this.#failure = new UserError(
        `Document with ID "${document.id}" in table "${table.name}" does not match the schema: ${error.message}`,
      );
    }
  }

  /** The schema is active, or given up and its half-built indexes dropped. */
  finish(): void {
    this.#withdraw();
  }

  /** Gives the schema up: drops the indexes that were built for it. */
  async abandon(): Promise<void> {
    this.#withdraw();
    await this.#database.write((transaction) => {
      for (const table of transaction.tables.of(this.component)) {
        const indexes = table.indexes.filter((index) => index.state === READY);
        const searchIndexes = table.searchIndexes.filter((index) => index.state === READY);
        const isWhole =
          indexes.length === table.indexes.length &&
          searchIndexes.length === table.searchIndexes.length;
        if (!isWhole) transaction.tables.change({ ...table, indexes, searchIndexes });
      }
    });
  }
}

/**
 * Makes a component's schema (the JSON of `schema.export()`; null for none) ready to activate.
 * Throws a UserError that names the first document that does not fit, with the failing path.
 */
export async function prepareSchema(
  database: Database,
  component: string,
  json: string | null,
): Promise<PendingSchema> {
  const pending = new PendingSchema(database, component, json);
  try {
    await addMissingIndexes(database, pending);
    for (const table of database.catalog.tables()) {
      if (table.component !== component || table.name.startsWith("_")) continue;
      for (const index of [...table.indexes, ...table.searchIndexes]) {
        if (index.state === "backfilling") await fillIndex(database, table, index);
      }
      await checkDocuments(database, table, pending);
    }
    pending.assertHolds();
    return pending;
  } catch (error) {
    await pending.abandon();
    throw error;
  }
}

/**
 * Stages the switch to a prepared schema: its tables, indexes and validators, and the end of the
 * indexes that it no longer has. Throws a UserError when a document written since does not fit.
 */
export function activateSchema(transaction: Transaction, pending: PendingSchema): void {
  pending.assertHolds();
  const { component, schema } = pending;
  const known = transaction.tables.of(component).filter((table) => !table.name.startsWith("_"));
  for (const table of known) {
    const wanted = pending.indexesOf(component, table.name);
    const indexes = table.indexes.filter(
      (index) => isBuiltIn(index) || wanted.some((one) => sameIndex(one, index)),
    );
    const validator = tableValidator(schema, table.name);
    const ready = distinct(indexes).map(({ id, name, fields }) => ({
      id,
      name,
      fields,
      state: READY,
    }));
    const searchWanted = pending.searchIndexesOf(component, table.name);
    const searchIndexes = searchWanted
      .map((one) => table.searchIndexes.find((index) => sameSearchIndex(one, index)))
      .filter((index) => index !== undefined)
      .map((index) => ({ ...index, state: READY }));
    transaction.tables.change({ ...table, indexes: ready, searchIndexes, validator });
  }
  for (const { tableName } of schema?.tables ?? []) {
    if (known.some((table) => table.name === tableName)) continue;
    const indexes = pending
      .indexesOf(component, tableName)
      .map(({ name, fields }) => ({ name, fields, state: READY }));
    const searchIndexes = pending
      .searchIndexesOf(component, tableName)
      .map((index) => ({ ...index, state: READY }));
    const validator = tableValidator(schema, tableName);
    transaction.tables.create(component, tableName, indexes, searchIndexes, validator);
  }
  transaction.tables.setSchema(component, pending.json);
  pending.finish();
}

async function addMissingIndexes(database: Database, pending: PendingSchema): Promise<void> {
  const { component } = pending;
  await database.write((transaction) => {
    for (const table of transaction.tables.of(component)) {
      const missing = pending
        .indexesOf(component, table.name)
        .filter((one) => !table.indexes.some((index) => sameIndex(one, index)))
        .map((one) => transaction.tables.newIndex({ ...one, state: "backfilling" }));
      const missingSearch = pending
        .searchIndexesOf(component, table.name)
        .filter((one) => !table.searchIndexes.some((index) => sameSearchIndex(one, index)))
        .map((one) => transaction.tables.newSearchIndex({ ...one, state: "backfilling" }));
      if (missing.length + missingSearch.length === 0) continue;
      transaction.tables.change({
        ...table,
        indexes: [...table.indexes, ...missing],
        searchIndexes: [...table.searchIndexes, ...missingSearch],
      });
    }
  });
}

async function fillIndex(
  database: Database,
  table: Table,
  index: Index | SearchIndex,
): Promise<void> {
  for (let at: string | null = FIRST_KEY; at !== null;) {
    const from: string = at;
    at = await database.maintain((store) => store.backfill(table, index, from));
  }
}

/** In portions, so that the deployment goes on; what is written meanwhile is observed. */
async function checkDocuments(
  database: Database,
  table: Table,
  pending: PendingSchema,
): Promise<void> {
  const validator = tableValidator(pending.schema, table.name);
  if (!validator || sameValidator(validator, table.validator)) return;
  const index = byCreationTime(table);
  for (let range: typeof WHOLE_INDEX | null = WHOLE_INDEX; range !== null;) {
    const transaction = database.beginRead(database.latestTs);
    try {
      const context = transaction.validationContext(pending.component);
      const { latestTs, store } = database;
      const batch = store.range(table, index, range, "asc", CHECK_BATCH, latestTs);
      for (const { doc } of batch.rows) pending.check(table, doc, context);
      range = batch.rest;
    } finally {
      transaction.close();
    }
    pending.assertHolds();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

function sameValidator(left: ValidatorJson, right: ValidatorJson | null): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** Two pushes at once may have built the same index twice; one of them will do. */
function distinct(indexes: readonly Index[]): Index[] {
  return indexes.filter((index, at) => indexes.findIndex((one) => sameIndex(one, index)) === at);
}

/** Every index goes on with the creation time by itself; `schema.export()` spells it out in some versions. */
function withoutCreationTime(fields: readonly string[]): readonly string[] {
  return fields.at(-1) === "_creationTime" ? fields.slice(0, -1) : fields;
}
