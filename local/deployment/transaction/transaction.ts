/**
 * One consistent view of the database, with a record of what was read of it, and for mutations the
 * writes that are staged until the commit.
 */
import type { Answer, AnswerKey } from "../store/answers.ts";
import { byId, CATALOG_INDEX_ID, tableKey } from "../store/catalog.ts";
import type { CatalogChange, Index, Table } from "../store/catalog.ts";
import type { NewSearchIndex } from "../store/catalog-file.ts";
import type { DocumentChange } from "../store/commit-log.ts";
import type { Doc } from "../store/document.ts";
import type { Store } from "../store/store.ts";
import type { ConvexObject } from "../values/encoding.ts";
import { decodeId, IdError, newInternalId, tryDecodeId } from "../values/id.ts";
import type { DecodedId } from "../values/id.ts";
import { encodeKey } from "../values/key.ts";
import type { ValidationContext } from "../values/validator.ts";
import { Meter } from "./limits.ts";
import type { TransactionMetrics } from "./limits.ts";
import { newDocument } from "./new-document.ts";
import { readPage } from "./page.ts";
import type { Page, PageOptions } from "./page.ts";
import { planQuery } from "./query.ts";
import type { QueryJson } from "./query.ts";
import { QueryRun } from "./query-cursor.ts";
import type { QueryCursor } from "./query-cursor.ts";
import { ReadSet } from "./read-set.ts";
import type { ScanContext } from "./scan.ts";
import { StagedWrites } from "./staged-writes.ts";
import { isSystemTable, Tables } from "./tables.ts";
import { UserError } from "./user-error.ts";

/** The transaction was used after its function ended: a continuation that nobody waits for any more. */
export class TransactionClosedError extends Error {
  override readonly name = "TransactionClosedError";
  constructor() {
    super("This transaction is over: the function that it belongs to has already ended.");
  }
}

/** What a transaction needs of the database that opened it. */
export interface TransactionHost {
  readonly store: Store;
  /** Milliseconds; greater at each call. */
  nextCreationTime(): number;
  /** Indexes that schemas being prepared want on a table, should it be created now. */
  indexesWanted(component: string, tableName: string): readonly Pick<Index, "name" | "fields">[];
  searchIndexesWanted(component: string, tableName: string): readonly NewSearchIndex[];
  /** The transaction lets go of its snapshot. */
  closed(transaction: Transaction): void;
}

/** What a commit takes over from a transaction. */
export interface StagedCommit {
  readonly changes: ReadonlyMap<string, DocumentChange>;
  readonly catalog: CatalogChange | null;
  readonly answers: readonly Answer[];
}

export class Transaction implements ScanContext {
  readonly snapshotTs: bigint;
  readonly readSet = new ReadSet();
  readonly meter = new Meter();
  readonly staged: StagedWrites | null;
  readonly #host: TransactionHost;
  /** The tables as this transaction sees them. */
  readonly tables: Tables;
  readonly #answers: Answer[] = [];
  #isOpen = true;

  /** Opened by the Database only. */
  constructor(host: TransactionHost, snapshotTs: bigint, isWriting: boolean) {
    this.#host = host;
    this.snapshotTs = snapshotTs;
    this.staged = isWriting ? new StagedWrites() : null;
    this.tables = new Tables(host.store.catalogAt(snapshotTs), () => this.#assertWriting());
  }

  get store(): Store {
    return this.#host.store;
  }

  get metrics(): Readonly<TransactionMetrics> {
    return this.meter.metrics;
  }

  /** The document, or null when there is none in this component. Throws a UserError for a malformed id. */
  get(component: string, id: string): Doc | null {
    return this.#get(component, id, "get");
  }

  /**
   * Inserts a document and returns its id. `fields` comes without system fields. A table is made
   * when it is first written. Throws a UserError when the schema or a limit refuses the document.
   */
  insert(component: string, tableName: string, fields: ConvexObject): string {
    const table = this.#tableToWrite(component, tableName);
    const time = this.#host.nextCreationTime();
    const context = this.validationContext(component);
    const doc = newDocument(table, newInternalId(time), time, fields, context);
    this.#stage(table, doc.id, null, doc);
    return doc.id;
  }

  /** Puts a document of an import in, whatever the limits of a transaction. Throws a UserError. */
  restore(table: Table, internal: string, creationTime: number, fields: ConvexObject): void {
    const context = this.validationContext(table.component);
    const doc = newDocument(table, internal, creationTime, fields, context);
    this.#assertWriting().write(table, doc.id, null, doc);
  }

  /** Removes a document for an import, whatever the limits of a transaction. */
  erase(table: Table, doc: Doc): void {
    this.#assertWriting().write(table, doc.id, doc, null);
  }

  /** Merges fields into a document; `undefined` removes a field. Returns the new document. */
  patch(component: string, id: string, fields: ConvexObject): Doc {
    const current = this.#getToWrite(component, id, "patch", "Update");
    return this.#rewrite(component, current, { ...current.value, ...fields });
  }

  /** Puts other fields in the place of all. Returns the new document. */
  replace(component: string, id: string, fields: ConvexObject): Doc {
    const current = this.#getToWrite(component, id, "replace", "Replace");
    return this.#rewrite(component, current, fields);
  }

  /** Deletes a document. Returns it as it was. */
  delete(component: string, id: string): Doc {
    const current = this.#getToWrite(component, id, "delete", "Delete");
    this.#stage(this.#tableOf(current), id, current, null);
    return current;
  }

  /** The id when it is one of a document (there or not) of that table, else null. */
  normalizeId(component: string, tableName: string, text: string): string | null {
    this.assertOpen();
    const table = this.tables.table(component, tableName);
    if (!table) this.readSet.addPoint(CATALOG_INDEX_ID, tableKey(component, tableName));
    return table && tryDecodeId(text)?.tableNumber === table.number ? text : null;
  }

  /** Starts a query. Throws a UserError when the query breaks a rule. */
  query(component: string, query: QueryJson): QueryCursor {
    this.assertOpen();
    return new QueryRun(this, planQuery(this.tables, component, query));
  }

  /** Reads one page of a query. Throws a UserError, also for a cursor that is not this query's. */
  page(component: string, query: QueryJson, options: PageOptions): Page {
    this.assertOpen();
    return readPage(this, component, query, planQuery(this.tables, component, query), options);
  }

  /** How many documents the table has. Reads the whole table as far as invalidation is concerned. */
  count(component: string, tableName: string): number {
    this.assertOpen();
    const table = this.tables.table(component, tableName);
    if (!table) {
      this.readSet.addPoint(CATALOG_INDEX_ID, tableKey(component, tableName));
      return 0;
    }
    this.readSet.open(byId(table).id, { lower: "", upper: "\xff" });
    let count = this.tables.isNew(table) ? 0 : this.store.count(table, this.snapshotTs);
    for (const change of this.staged?.changes().values() ?? []) {
      if (change.table.number !== table.number) continue;
      count += (change.after ? 1 : 0) - (change.before ? 1 : 0);
    }
    return count;
  }

  /** Keeps what is answered to a request with what it writes. */
  keepAnswer(answer: Answer): void {
    this.#assertWriting();
    this.#answers.push(answer);
  }

  /** What a commit has kept as the answer to a request; null for a new one. */
  answerTo(request: AnswerKey): string | null {
    this.#assertWriting();
    return this.store.answers.find(request);
  }

  /** Counts a scheduled function against the limits of this transaction. */
  countScheduled(argsBytes: number): void {
    this.meter.countScheduled(argsBytes);
  }

  /** Starts a nested mutation, whose writes can be taken back without those before it. */
  beginLayer(): void {
    this.#assertWriting().beginLayer();
  }

  /** Keeps the writes of the nested mutation. */
  commitLayer(): void {
    this.#assertWriting().commitLayer();
  }

  /** Drops the writes of the nested mutation; what it read stays read. */
  rollbackLayer(): void {
    this.#assertWriting().rollbackLayer();
  }

  /** Releases the snapshot. Every later use throws a TransactionClosedError. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#host.closed(this);
  }

  assertOpen(): void {
    if (!this.#isOpen) throw new TransactionClosedError();
  }

  /** Milliseconds; greater than that of any document before. */
  nextCreationTime(): number {
    return this.#host.nextCreationTime();
  }

  /** For validators of this component's values. */
  validationContext(component: string): ValidationContext {
    return {
      tableName: (number) => {
        const table = this.tables.byNumber(number);
        return table !== undefined && isOfComponent(table, component) ? table.name : null;
      },
    };
  }

  /** All that is staged, for the Database's commit. */
  stagedCommit(): StagedCommit {
    const changes = this.#assertWriting().changes();
    return { changes, catalog: this.tables.stagedChange(), answers: this.#answers };
  }

  #get(component: string, id: string, operation: string): Doc | null {
    this.assertOpen();
    const decoded = decodeArgument(id, operation);
    const table = this.tables.byNumber(decoded.tableNumber);
    if (table === undefined || !isOfComponent(table, component)) return null;
    const isMetered = !isSystemTable(table.name);
    if (isMetered) this.meter.countQuery();
    this.readSet.addPoint(byId(table).id, encodeKey(id));
    const staged = this.staged?.document(id);
    const doc = staged === undefined ? this.#stored(table, id, decoded) : staged;
    if (doc && isMetered) this.meter.countRead(doc.size);
    return doc;
  }

  #stored(table: Table, id: string, { internal }: DecodedId): Doc | null {
    if (this.tables.isNew(table)) return null;
    return this.store.document(table, id, internal, this.snapshotTs);
  }

  #getToWrite(component: string, id: string, operation: string, verb: string): Doc {
    this.#assertWriting();
    const current = this.#get(component, id, operation);
    if (!current) throw new UserError(`${verb} on nonexistent document ID ${id}`);
    return current;
  }

  #rewrite(component: string, current: Doc, fields: ConvexObject): Doc {
    const table = this.#tableOf(current);
    const time = current.value["_creationTime"] as number;
    const context = this.validationContext(component);
    const doc = newDocument(table, current.internal, time, fields, context);
    this.#stage(table, current.id, current, doc);
    return doc;
  }

  #stage(table: Table, id: string, current: Doc | null, after: Doc | null): void {
    if (!isSystemTable(table.name)) this.meter.countWrite(after?.size ?? 0);
    this.#assertWriting().write(table, id, current, after);
  }

  #tableToWrite(component: string, name: string): Table {
    this.#assertWriting();
    const known = this.tables.table(component, name);
    if (known) return known;
    const indexes = this.#host
      .indexesWanted(component, name)
      .map((index) => ({ name: index.name, fields: index.fields, state: "backfilling" as const }));
    const searchIndexes = this.#host
      .searchIndexesWanted(component, name)
      .map((index) => ({ ...index, state: "backfilling" as const }));
    return this.tables.create(component, name, indexes, searchIndexes, null);
  }

  #tableOf(doc: Doc): Table {
    return this.tables.byNumber(doc.tableNumber)!;
  }

  #assertWriting(): StagedWrites {
    this.assertOpen();
    if (!this.staged) throw new UserError("Writes are only possible in a mutation.");
    return this.staged;
  }
}

function decodeArgument(id: string, operation: string): DecodedId {
  try {
    return decodeId(id);
  } catch (error) {
    if (!(error instanceof IdError)) throw error;
    throw new UserError(`Invalid argument \`id\` for \`db.${operation}\`: ${error.message}`);
  }
}

function isOfComponent(table: Table, component: string): boolean {
  return table.component === component || isSystemTable(table.name);
}
