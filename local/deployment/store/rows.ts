/** The SQL of the store: each statement prepared once, each function one statement. */
import { internalIdOfKey, keyFromHex, keyToBytes } from "../values/key.ts";
import type { Key } from "../values/key.ts";
import { decodeId } from "../values/id.ts";
import type { Index } from "./catalog.ts";
import { Doc } from "./document.ts";
import { RecentDocuments } from "./recent-documents.ts";
import { RecentStretches } from "./recent-stretches.ts";
import type { Entry } from "./recent-stretches.ts";
import type { ReadStatement, LoggedSqlite, WriteStatement } from "./logged-sqlite.ts";

export type Order = "asc" | "desc";

/** One entry of an index with its document. */
export interface Row {
  readonly key: Key;
  readonly doc: Doc;
}

/** A half-open range of keys. */
export interface KeyRange {
  readonly lower: Key;
  readonly upper: Key;
}

const IN_RANGE = `
  WHERE entries.index_id = ? AND entries.key >= ? AND entries.key < ?
  ORDER BY entries.key`;
// Text costs less on its way out of SQLite than bytes do.
const SELECT_ENTRIES = `SELECT hex(entries.key), entries.row FROM entries ${IN_RANGE}`;
const SELECT_DOCUMENTS = `
  SELECT documents.size, documents.json
  FROM entries CROSS JOIN documents ON documents.row = entries.row ${IN_RANGE}`;

const PURGE_ENTRIES = `
  DELETE FROM entries WHERE index_id = ?1 AND key <= (
    SELECT max(key) FROM (SELECT key FROM entries WHERE index_id = ?1 ORDER BY key LIMIT ?2))`;

/** Of the rows of a range, so many may be fetched one by one: else all come at once. */
const MISSING_SHARE = 1 / 8;

/** Prepared for both orders; takes the index, two keys and how many. */
type InOrder = Readonly<Record<Order, ReadStatement>>;

export class Rows {
  readonly #recent = new RecentDocuments();
  readonly #stretches = new RecentStretches();
  readonly #entries: InOrder;
  readonly #documents: InOrder;
  readonly #point: ReadStatement;
  readonly #document: ReadStatement;
  readonly #count: ReadStatement;
  readonly #insertDocument: WriteStatement;
  readonly #updateDocument: WriteStatement;
  readonly #deleteDocument: WriteStatement;
  readonly #insertEntry: WriteStatement;
  readonly #deleteEntry: WriteStatement;
  readonly #sqlite: LoggedSqlite;
  #nextRow: number;

  constructor(sqlite: LoggedSqlite) {
    this.#sqlite = sqlite;
    const prepareInOrder = (sql: string): InOrder => ({
      asc: sqlite.prepareRead(`${sql} LIMIT ?`),
      desc: sqlite.prepareRead(`${sql} DESC LIMIT ?`),
    });
    this.#entries = prepareInOrder(SELECT_ENTRIES);
    this.#documents = prepareInOrder(SELECT_DOCUMENTS);
    this.#point = sqlite.prepareRead(`
      SELECT entries.row, documents.size, documents.json
      FROM entries CROSS JOIN documents ON documents.row = entries.row
      WHERE entries.index_id = ? AND entries.key = ?`);
    this.#document = sqlite.prepareRead("SELECT size, json FROM documents WHERE row = ?");
    this.#count = sqlite.prepareRead("SELECT count(*) FROM entries WHERE index_id = ?");
    this.#insertDocument = sqlite.prepareWrite(
      "INSERT INTO documents (row, size, json) VALUES (?, ?, ?)",
    );
    this.#updateDocument = sqlite.prepareWrite(
      "UPDATE documents SET size = ?, json = ? WHERE row = ?",
    );
    this.#deleteDocument = sqlite.prepareWrite("DELETE FROM documents WHERE row = ?");
    this.#insertEntry = sqlite.prepareWrite(
      "INSERT OR REPLACE INTO entries (index_id, key, row) VALUES (?, ?, ?)",
    );
    this.#deleteEntry = sqlite.prepareWrite("DELETE FROM entries WHERE index_id = ? AND key = ?");
    const last = sqlite.prepareRead("SELECT coalesce(max(row), 0) FROM documents");
    this.#nextRow = Number((last.get() as [number])[0]) + 1;
  }

  /** Up to `limit` entries of the range, as they are stored now. */
  range(tableNumber: number, index: Index, range: KeyRange, order: Order, limit: number): Row[] {
    const entries = this.#entriesIn(index, range, order, limit);
    const known = entries.map(([, row]) => this.#recent.get(row));
    const missing = known.reduce((count, doc) => (doc === undefined ? count + 1 : count), 0);
    if (missing <= entries.length * MISSING_SHARE) {
      return entries.map(([key, row], at) => ({
        key,
        doc: known[at] ?? this.document(tableNumber, row)!,
      }));
    }
    const bounds = [index.id, keyToBytes(range.lower), keyToBytes(range.upper), limit] as const;
    const found = this.#documents[order].all(...bounds) as [number, string][];
    return entries.map(([key, row], at) => {
      const [size, json] = found[at]!;
      const internal =
        index.name === "by_id" ? decodeId(key.slice(1, -1)).internal : internalIdOfKey(key);
      const doc = known[at] ?? new Doc({ tableNumber, internal, row, size, json });
      if (known[at] === undefined) this.#recent.add(doc);
      return { key, doc };
    });
  }

  #entriesIn(index: Index, range: KeyRange, order: Order, limit: number): readonly Entry[] {
    const known = this.#stretches.find(index.id, range, order, limit);
    if (known !== null) return known;
    const bounds = [index.id, keyToBytes(range.lower), keyToBytes(range.upper), limit] as const;
    const found = this.#entries[order].all(...bounds) as [string, number][];
    const entries = found.map(([hex, row]): Entry => [keyFromHex(hex), row]);
    const last = entries.length < limit ? undefined : entries.at(-1)?.[0];
    const rest = last === undefined ? null : restOf(range, order, last);
    if (order === "asc") {
      this.#stretches.learn(index.id, { ...range, ...(rest && { upper: rest.lower }) }, entries);
    } else {
      const sorted = entries.toReversed();
      this.#stretches.learn(index.id, { ...range, ...(rest && { lower: rest.upper }) }, sorted);
    }
    return entries;
  }

  /** The document with that key in its table's `by_id`. */
  point(tableNumber: number, internal: string, index: Index, key: Key): Doc | null {
    const found = this.#point.get(index.id, keyToBytes(key)) as
      [number, number, string] | undefined;
    if (!found) return null;
    const [row, size, json] = found;
    return new Doc({ tableNumber, internal, row, size, json });
  }

  /** The document in that row. */
  document(tableNumber: number, row: number): Doc | null {
    const recent = this.#recent.get(row);
    if (recent !== undefined) return recent;
    const found = this.#document.get(row) as [number, string] | undefined;
    if (!found) return null;
    const [size, json] = found;
    const { _id: id } = JSON.parse(json) as { _id: string };
    const doc = new Doc({ tableNumber, internal: decodeId(id).internal, row, size, json });
    this.#recent.add(doc);
    return doc;
  }

  count(index: Index): number {
    return Number((this.#count.get(index.id) as [number])[0]);
  }

  /** Stores a new document and gives it its row. */
  insertDocument(document: Doc): void {
    document.row = this.#nextRow++;
    this.#insertDocument.run(document.row, document.size, document.json);
    this.#recent.add(document);
  }

  /** Puts `after` in the place of `before`. */
  updateDocument(before: Doc, after: Doc): void {
    after.row = before.row;
    this.#updateDocument.run(after.size, after.json, after.row);
    this.#recent.add(after);
  }

  deleteDocument(document: Doc): void {
    this.#deleteDocument.run(document.row);
    this.#recent.delete(document.row);
  }

  insertEntry(indexId: number, key: Key, row: number): void {
    this.#insertEntry.run(indexId, keyToBytes(key), row);
    this.#stretches.insert(indexId, key, row);
  }

  deleteEntry(indexId: number, key: Key): void {
    this.#deleteEntry.run(indexId, keyToBytes(key));
    this.#stretches.delete(indexId, key);
  }

  /** Deletes up to `limit` entries of an index. Returns how many there were. */
  purgeEntries(indexId: number, limit: number): number {
    this.#stretches.forget(indexId);
    const purge = this.#sqlite.direct().prepare(PURGE_ENTRIES);
    return Number(purge.run(indexId, limit).changes);
  }
}

/** The part of the range that lies beyond its row `last`, in reading order. */
export function restOf(range: KeyRange, order: Order, last: Key): KeyRange {
  return order === "asc"
    ? { lower: `${last}\0`, upper: range.upper }
    : { lower: range.lower, upper: last };
}

export function isInRest(key: Key, rest: KeyRange | null): boolean {
  return rest !== null && key >= rest.lower && key < rest.upper;
}
