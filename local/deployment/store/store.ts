/**
 * The store: the data file, the catalog and the log of recent commits as one thing that is read by
 * snapshot and changed by commits. Synchronous throughout; who may write, and when, is decided above.
 *
 * A commit is applied at once, and becomes durable with the next flush. Until then it is newer than
 * `durableTs`.
 */
import { encodeKey, FIRST_KEY, LAST_KEY } from "../values/key.ts";
import type { Key } from "../values/key.ts";
import { Answers } from "./answers.ts";
import type { Answer } from "./answers.ts";
import { byCreationTime, byId, CATALOG_INDEX_ID, tableKey } from "./catalog.ts";
import type {
  Catalog,
  CatalogChange,
  Index,
  SearchIndex,
  SystemTable,
  Table,
  TextIndex,
  VectorIndex,
} from "./catalog.ts";
import {
  lostIndexes,
  missingSystemTables,
  readCatalog,
  writeCatalogChange,
} from "./catalog-file.ts";
import { CommitLog } from "./commit-log.ts";
import type { Commit, DocumentChange } from "./commit-log.ts";
import { closeDataFile, openDataFile } from "./data-file.ts";
import type { DataFile } from "./data-file.ts";
import type { Doc } from "./document.ts";
import { indexKey } from "./index-key.ts";
import { Meta } from "./meta.ts";
import { isInRest, restOf, Rows } from "./rows.ts";
import type { KeyRange, Order, Row } from "./rows.ts";
import { hasSameEntry } from "./search-entry.ts";
import { SearchTables } from "./search-tables.ts";
import type { StoredVector, TextQuery } from "./search-tables.ts";
import { LoggedSqlite } from "./logged-sqlite.ts";
import { addWrite, collectWrites } from "./written-keys.ts";

const PURGE_BATCH = 5_000;
const BACKFILL_BATCH = 500;
/** Rows from here on stand for new documents that are not stored yet, the last written highest. */
const PROVISIONAL_ROW = 2 ** 50;
const NANOSECONDS_PER_MILLISECOND = 1_000_000n;

/** A part of an index range at one snapshot. */
export interface Batch {
  readonly rows: readonly Row[];
  /** What of the range is still to be read, in the same order; null at its end. */
  readonly rest: KeyRange | null;
}

export class Store {
  readonly #sqlite: LoggedSqlite;
  readonly #rows: Rows;
  readonly #search: SearchTables;
  /** To requests; a commit brings its own. */
  readonly answers: Answers;
  readonly #log: CommitLog;
  readonly #meta: Meta;
  readonly #droppedIndexes: number[];
  #catalog: Catalog;
  #latestTs: bigint;
  #durableTs: bigint;
  #applied: Commit[] = [];
  /** By table number: the newest commit since the start that wrote to the table. */
  readonly #changedAt = new Map<number, bigint>();

  /** Throws a DataFileError when the file cannot be used. */
  static open(file: string, systemTables: readonly SystemTable[]): Store {
    const dataFile = openDataFile(file);
    try {
      return new Store(dataFile, systemTables);
    } catch (error) {
      closeDataFile(dataFile);
      throw error;
    }
  }

  private constructor(dataFile: DataFile, systemTables: readonly SystemTable[]) {
    this.#sqlite = new LoggedSqlite(dataFile);
    this.#rows = new Rows(this.#sqlite);
    this.#search = new SearchTables(this.#sqlite);
    this.answers = new Answers(this.#sqlite);
    this.#meta = new Meta(this.#sqlite);
    const { catalog, leftovers } = readCatalog(dataFile.sqlite);
    this.#catalog = catalog;
    this.#droppedIndexes = leftovers;
    this.#latestTs = this.#meta.ts;
    this.#durableTs = this.#latestTs;
    this.#log = new CommitLog(this.#latestTs);
    this.#addSystemTables(systemTables);
  }

  /** Nanoseconds; the newest commit, on disk or not. */
  get latestTs(): bigint {
    return this.#latestTs;
  }

  /** Nanoseconds; the newest commit on disk. */
  get durableTs(): bigint {
    return this.#durableTs;
  }

  /** A secret of this data file, 32 bytes, for what it hands out sealed. */
  get secret(): Uint8Array {
    return this.#meta.secret;
  }

  get oldestTs(): bigint {
    return this.#log.oldestTs;
  }

  get catalog(): Catalog {
    return this.#catalog;
  }

  /** Nanoseconds; the newest commit that wrote to the table, 0 when there was none since the start. */
  changedAt(table: Table): bigint {
    return this.#changedAt.get(table.number) ?? 0n;
  }

  catalogAt(ts: bigint): Catalog {
    return this.#log.catalogAt(ts, this.#catalog);
  }

  /** The document as of `ts`, or null. */
  document(table: Table, id: string, internal: string, ts: bigint): Doc | null {
    const undone = this.#log.documentAt(id, ts);
    if (undone !== undefined) return undone;
    return this.#rows.point(table.number, internal, byId(table), encodeKey(id));
  }

  /**
   * Reads a range of an index as of `ts`, from its lower end or (`desc`) from its upper end. Holds
   * about `limit` rows; may hold none and still leave a rest.
   */
  range(
    table: Table,
    index: Index,
    range: KeyRange,
    order: Order,
    limit: number,
    ts: bigint,
  ): Batch {
    const live = this.#rows.range(table.number, index, range, order, limit);
    const last = live.length < limit ? undefined : live.at(-1)!.key;
    const rest = last === undefined ? null : restOf(range, order, last);
    const overlay = this.#log.overlayAt(table, table.indexes.indexOf(index), ts);
    if (!overlay) return { rows: live, rest };
    const rows = live.filter((row) => !overlay.has(row.key));
    for (const [key, doc] of overlay) {
      if (doc && key >= range.lower && key < range.upper && !isInRest(key, rest)) {
        rows.push({ key, doc });
      }
    }
    const sign = order === "asc" ? 1 : -1;
    rows.sort((a, b) => (a.key < b.key ? -sign : sign));
    return { rows, rest };
  }

  /** How many documents the table has as of `ts`. */
  count(table: Table, ts: bigint): number {
    let count = this.#rows.count(byId(table));
    for (const [key, doc] of this.#log.overlayAt(table, 0, ts) ?? []) {
      const isLive = this.#rows.point(table.number, "", byId(table), key) !== null;
      count += (doc ? 1 : 0) - (isLive ? 1 : 0);
    }
    return count;
  }

  /**
   * Up to `limit` documents that a text search finds as of `ts` with a transaction's own changes on
   * top, the best first. The index knows only the newest state: where that is another one, the
   * difference is written into it, searched, and taken back.
   */
  searchText(
    table: Table,
    index: TextIndex,
    query: TextQuery,
    ts: bigint,
    staged: readonly DocumentChange[],
    limit: number,
  ): Doc[] {
    const documents = this.#log.documentsAt(table.number, ts);
    for (const [at, { id, before, after }] of staged.entries()) {
      documents.set(id, { doc: after, row: before?.row ?? PROVISIONAL_ROW + at });
    }
    if (documents.size === 0) {
      const rows = this.#search.findText(index, query, limit);
      return rows.map((row) => this.#rows.document(table.number, row)!);
    }
    const rows = this.#sqlite.takingBack(() => {
      for (const { doc, row } of documents.values()) {
        this.#search.remove(index, row);
        if (doc) this.#search.insert(index, doc, row);
      }
      return this.#search.findText(index, query, limit);
    });
    const changed = new Map([...documents.values()].map(({ doc, row }) => [row, doc]));
    return rows.map((row) => changed.get(row) ?? this.#rows.document(table.number, row)!);
  }

  /** The next vectors of an index, as they are stored now, in the order of their rows. */
  vectorsAfter(index: VectorIndex, row: number, limit: number): StoredVector[] {
    return this.#search.vectorsAfter(index, row, limit);
  }

  /** The document in a row that an index led to a moment ago. */
  documentInRow(table: Table, row: number): Doc | null {
    return this.#rows.document(table.number, row);
  }

  /** Applies a commit under the given timestamp, which must be greater than `latestTs`. */
  apply(
    ts: bigint,
    changes: ReadonlyMap<string, DocumentChange>,
    catalog: CatalogChange | null,
    answers: readonly Answer[],
  ): void {
    const writes = new Map<number, Key[]>();
    const previousCatalog = catalog && this.#catalog;
    if (catalog) this.#changeCatalog(catalog, writes);
    for (const change of changes.values()) {
      this.#write(change);
      collectWrites(change, writes);
      this.#changedAt.set(change.table.number, ts);
    }
    for (const answer of answers) {
      this.answers.insert(answer, Number(ts / NANOSECONDS_PER_MILLISECOND));
    }
    this.#latestTs = ts;
    this.#log.append({ ts, writes, changes, previousCatalog });
    this.#applied.push({ ts, writes });
  }

  /** Puts all applied commits on disk. Returns them, oldest first. */
  flush(): Commit[] {
    if (this.#sqlite.isUnflushed) {
      this.#meta.reach(this.#latestTs);
      this.#sqlite.flush();
    }
    this.#durableTs = this.#latestTs;
    const flushed = this.#applied;
    this.#applied = [];
    return flushed;
  }

  /** What a read would else have to do first. */
  settle(): void {
    this.#sqlite.settle();
  }

  /** Lets go of what no reader at or after `neededTs` wants. */
  trim(neededTs: bigint): void {
    this.#log.trim(neededTs);
  }

  /**
   * Adds entries of a new index for some documents, from `after` on in the order of creation.
   * Returns where to go on, or null when all are there. Belongs to the next flush.
   */
  backfill(table: Table, index: Index | SearchIndex, after: Key): Key | null {
    const all = { lower: after, upper: LAST_KEY };
    const rows = this.#rows.range(table.number, byCreationTime(table), all, "asc", BACKFILL_BATCH);
    for (const { doc } of rows) {
      if ("kind" in index) {
        // Written meanwhile, it is there already.
        this.#search.remove(index, doc.row);
        this.#search.insert(index, doc, doc.row);
      } else this.#rows.insertEntry(index.id, indexKey(index, doc), doc.row);
    }
    return rows.length < BACKFILL_BATCH ? null : `${rows.at(-1)!.key}\0`;
  }

  /** Deletes some entries of dropped indexes. Returns whether there is more. Belongs to the next flush. */
  purge(): boolean {
    const indexId = this.#droppedIndexes[0];
    if (indexId === undefined) return false;
    if (this.#rows.purgeEntries(indexId, PURGE_BATCH) < PURGE_BATCH) {
      this.#search.drop(indexId);
      this.#sqlite.direct().prepare("DELETE FROM indexes WHERE id = ?").run(indexId);
      this.#droppedIndexes.shift();
    }
    return this.#droppedIndexes.length > 0;
  }

  /** Whether entries of dropped indexes wait to be purged. */
  get hasDroppedIndexes(): boolean {
    return this.#droppedIndexes.length > 0;
  }

  /** Keeps the data file as it is after the last flush, until the returned function is called. */
  hold(): () => void {
    return this.#sqlite.hold();
  }

  /** Closes the file without what was applied since the last flush. */
  abandon(): void {
    this.#sqlite.close();
  }

  /** Flushes and closes the file. */
  close(): void {
    try {
      this.#meta.set(this.#latestTs);
      this.#sqlite.commit();
    } finally {
      this.#sqlite.close();
    }
  }

  #write(change: DocumentChange): void {
    const { before, beforeKeys, after, afterKeys, table } = change;
    if (before && after) this.#rows.updateDocument(before, after);
    else if (after) this.#rows.insertDocument(after);
    else if (before) this.#rows.deleteDocument(before);
    for (const [at, index] of table.indexes.entries()) {
      const from = beforeKeys[at];
      const to = afterKeys[at];
      if (from === to) continue;
      if (from !== undefined) this.#rows.deleteEntry(index.id, from);
      if (to !== undefined) this.#rows.insertEntry(index.id, to, after!.row);
    }
    for (const index of table.searchIndexes) this.#writeSearch(index, before, after);
  }

  #writeSearch(index: SearchIndex, before: Doc | null, after: Doc | null): void {
    if (before && after && hasSameEntry(index, before, after)) return;
    if (before) this.#search.remove(index, before.row);
    if (after) this.#search.insert(index, after, after.row);
  }

  #changeCatalog(change: CatalogChange, writes: Map<number, Key[]>): void {
    writeCatalogChange(this.#sqlite.direct(), this.#catalog, change);
    for (const number of change.removed ?? []) {
      const { indexes = [], searchIndexes = [] } = this.#catalog.tableByNumber(number) ?? {};
      this.#droppedIndexes.push(...[...indexes, ...searchIndexes].map(({ id }) => id));
    }
    for (const table of change.tables) {
      addWrite(writes, CATALOG_INDEX_ID, tableKey(table.component, table.name));
      const isNew = change.removed?.includes(table.number) ?? false;
      const previous = isNew ? undefined : this.#catalog.tableByNumber(table.number);
      this.#droppedIndexes.push(...lostIndexes(previous, table));
      for (const index of table.searchIndexes) {
        if (!previous?.searchIndexes.some(({ id }) => id === index.id)) this.#search.create(index);
      }
    }
    this.#catalog = this.#catalog.with(change);
  }

  #addSystemTables(wanted: readonly SystemTable[]): void {
    const change = missingSystemTables(this.#catalog, wanted);
    if (change.tables.length === 0) return;
    this.#changeCatalog(change, new Map());
    const filled: Table[] = [];
    for (const table of change.tables) {
      for (const index of table.indexes) {
        if (index.state === "ready") continue;
        for (let at: Key | null = FIRST_KEY; at !== null;) at = this.backfill(table, index, at);
      }
      const indexes = table.indexes.map((index) => ({ ...index, state: "ready" as const }));
      filled.push({ ...table, indexes });
    }
    this.#changeCatalog({ tables: filled, schemas: new Map() }, new Map());
    this.flush();
  }
}
