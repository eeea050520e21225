/** The SQL of the store: each statement prepared once, each function one statement. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { internalIdOfKey, keyFromBytes, keyToBytes } from "../values/key.ts";
import type { Key } from "../values/key.ts";
import { decodeId } from "../values/id.ts";
import type { Index } from "./catalog.ts";
import { Doc } from "./document.ts";

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

const SELECT_ROWS = `
  SELECT entries.key, entries.row, documents.size, documents.json
  FROM entries CROSS JOIN documents ON documents.row = entries.row
  WHERE entries.index_id = ? AND entries.key >= ? AND entries.key < ?
  ORDER BY entries.key`;

export class Rows {
  readonly #ascending: StatementSync;
  readonly #descending: StatementSync;
  readonly #point: StatementSync;
  readonly #document: StatementSync;
  readonly #count: StatementSync;
  readonly #insertDocument: StatementSync;
  readonly #updateDocument: StatementSync;
  readonly #deleteDocument: StatementSync;
  readonly #insertEntry: StatementSync;
  readonly #deleteEntry: StatementSync;
  readonly #purgeEntries: StatementSync;
  #nextRow: number;

  constructor(sqlite: DatabaseSync) {
    const prepareArrays = (sql: string): StatementSync => {
      const statement = sqlite.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    this.#ascending = prepareArrays(`${SELECT_ROWS} LIMIT ?`);
    this.#descending = prepareArrays(`${SELECT_ROWS} DESC LIMIT ?`);
    this.#point = prepareArrays(`
      SELECT entries.row, documents.size, documents.json
      FROM entries CROSS JOIN documents ON documents.row = entries.row
      WHERE entries.index_id = ? AND entries.key = ?`);
    this.#document = prepareArrays("SELECT size, json FROM documents WHERE row = ?");
    this.#count = prepareArrays("SELECT count(*) FROM entries WHERE index_id = ?");
    this.#insertDocument = sqlite.prepare(
      "INSERT INTO documents (row, size, json) VALUES (?, ?, ?)",
    );
    this.#updateDocument = sqlite.prepare("UPDATE documents SET size = ?, json = ? WHERE row = ?");
    this.#deleteDocument = sqlite.prepare("DELETE FROM documents WHERE row = ?");
    this.#insertEntry = sqlite.prepare(
      "INSERT OR REPLACE INTO entries (index_id, key, row) VALUES (?, ?, ?)",
    );
    this.#deleteEntry = sqlite.prepare("DELETE FROM entries WHERE index_id = ? AND key = ?");
    this.#purgeEntries = sqlite.prepare(`
      DELETE FROM entries WHERE index_id = ?1 AND key <= (
        SELECT max(key) FROM (SELECT key FROM entries WHERE index_id = ?1 ORDER BY key LIMIT ?2))`);
    const last = prepareArrays("SELECT coalesce(max(row), 0) FROM documents");
    this.#nextRow = Number((last.get() as unknown as [number])[0]) + 1;
  }

  /** Up to `limit` entries of the range, as they are stored now. */
  range(tableNumber: number, index: Index, range: KeyRange, order: Order, limit: number): Row[] {
    const statement = order === "asc" ? this.#ascending : this.#descending;
    const found = statement.all(
      index.id,
      keyToBytes(range.lower),
      keyToBytes(range.upper),
      limit,
    ) as unknown as [Uint8Array, number, number, string][];
    return found.map(([bytes, row, size, json]) => {
      const key = keyFromBytes(bytes);
      const internal =
        index.name === "by_id" ? decodeId(key.slice(1, -1)).internal : internalIdOfKey(key);
      return { key, doc: new Doc({ tableNumber, internal, row, size, json }) };
    });
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
    const found = this.#document.get(row) as unknown as [number, string] | undefined;
    if (!found) return null;
    const [size, json] = found;
    const { _id: id } = JSON.parse(json) as { _id: string };
    return new Doc({ tableNumber, internal: decodeId(id).internal, row, size, json });
  }

  count(index: Index): number {
    return Number((this.#count.get(index.id) as unknown as [number])[0]);
  }

  /** Stores a new document and gives it its row. */
  insertDocument(document: Doc): void {
    document.row = this.#nextRow++;
    this.#insertDocument.run(document.row, document.size, document.json);
  }

  /** Puts `after` in the place of `before`. */
  updateDocument(before: Doc, after: Doc): void {
    after.row = before.row;
    this.#updateDocument.run(after.size, after.json, after.row);
  }

  deleteDocument(document: Doc): void {
    this.#deleteDocument.run(document.row);
  }

  insertEntry(indexId: number, key: Key, row: number): void {
    this.#insertEntry.run(indexId, keyToBytes(key), row);
  }

  deleteEntry(indexId: number, key: Key): void {
    this.#deleteEntry.run(indexId, keyToBytes(key));
  }

  /** Deletes up to `limit` entries of an index. Returns how many there were. */
  purgeEntries(indexId: number, limit: number): number {
    return Number(this.#purgeEntries.run(indexId, limit).changes);
  }
}
