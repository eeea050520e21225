/**
 * The search indexes in the data file. A text index is a full-text table of its own, which keeps
 * words and no documents; vectors lie in one table. Both lead to rows of `documents`.
 */
import type { SearchIndex, TextIndex, VectorIndex } from "./catalog.ts";
import type { Doc } from "./document.ts";
import { textEntry, vectorEntry } from "./search-entry.ts";
import type { ReadStatement, LoggedSqlite, WriteStatement } from "./logged-sqlite.ts";

/** What to look for in a text index. */
export interface TextQuery {
  /** In lower case; the last one also finds what it begins. None finds nothing. */
  readonly words: readonly string[];
  /** Marks that all must be there. */
  readonly filters: readonly string[];
}

/** One vector of an index with the row of its document. */
export interface StoredVector {
  readonly row: number;
  readonly vector: Float32Array;
  readonly filters: string;
}

interface TextStatements {
  readonly insert: WriteStatement;
  readonly remove: WriteStatement;
  readonly find: ReadStatement;
}

export class SearchTables {
  readonly #sqlite: LoggedSqlite;
  readonly #text = new Map<number, TextStatements>();
  readonly #insertVector: WriteStatement;
  readonly #removeVector: WriteStatement;
  readonly #vectorsAfter: ReadStatement;

  constructor(sqlite: LoggedSqlite) {
    this.#sqlite = sqlite;
    this.#insertVector = sqlite.prepareWrite("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)");
    this.#removeVector = sqlite.prepareWrite("DELETE FROM vectors WHERE index_id = ? AND row = ?");
    this.#vectorsAfter = sqlite.prepareRead(
      "SELECT row, filters, vector FROM vectors WHERE index_id = ? AND row > ? ORDER BY row LIMIT ?",
    );
  }

  /** Makes room for a new index. */
  create(index: SearchIndex): void {
    if (index.kind === "vector") return;
    // The words come split and in lower case: this tokenizer only has to cut at the spaces. The
    // beginnings that people type first are kept too: to merge thousands of words is a hundred times dearer.
    this.#sqlite.direct().exec(`
      CREATE VIRTUAL TABLE IF NOT EXISTS text_${index.id} USING fts5(
        words, filters, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '1 2 3'
      )`);
  }

  /** Lets go of an index of any kind. */
  drop(indexId: number): void {
    this.#text.delete(indexId);
    const direct = this.#sqlite.direct();
    direct.exec(`DROP TABLE IF EXISTS text_${indexId}`);
    direct.prepare("DELETE FROM vectors WHERE index_id = ?").run(indexId);
  }

  /** Enters what the index keeps of the document, if anything, under that row. */
  insert(index: SearchIndex, doc: Doc, row: number): void {
    if (index.kind === "text") {
      const entry = textEntry(index, doc);
      if (entry) this.#statements(index.id).insert.run(row, entry.words, entry.filters);
      return;
    }
    const entry = vectorEntry(index, doc);
    if (!entry) return;
    const { buffer, byteLength } = entry.vector;
    this.#insertVector.run(index.id, row, entry.filters, Buffer.from(buffer, 0, byteLength));
  }

  remove(index: SearchIndex, row: number): void {
    if (index.kind === "text") this.#statements(index.id).remove.run(row);
    else this.#removeVector.run(index.id, row);
  }

  /** Up to `limit` rows that hold any of the words, the best first and the newest of equals. */
  findText(index: TextIndex, query: TextQuery, limit: number): number[] {
    const match = matchExpression(query);
    if (match === null) return [];
    const found = this.#statements(index.id).find.all(match, limit) as [number][];
    return found.map(([row]) => row);
  }

  /** The next vectors of an index in the order of their rows. */
  vectorsAfter(index: VectorIndex, row: number, limit: number): StoredVector[] {
    const found = this.#vectorsAfter.all(index.id, row, limit) as [number, string, Uint8Array][];
    return found.map(([at, filters, bytes]) => ({ row: at, filters, vector: asVector(bytes) }));
  }

  #statements(indexId: number): TextStatements {
    const known = this.#text.get(indexId);
    if (known) return known;
    const table = `text_${indexId}`;
    const find = this.#sqlite.prepareRead(`
      SELECT rowid FROM ${table} WHERE ${table} MATCH ?
      ORDER BY bm25(${table}, 1.0, 0.0), rowid DESC LIMIT ?`);
    const statements = {
      insert: this.#sqlite.prepareWrite(
        `INSERT INTO ${table} (rowid, words, filters) VALUES (?, ?, ?)`,
      ),
      remove: this.#sqlite.prepareWrite(`DELETE FROM ${table} WHERE rowid = ?`),
      find,
    };
    this.#text.set(indexId, statements);
    return statements;
  }
}

/** Words and marks consist of letters and digits, so that nothing has to be escaped. */
function matchExpression({ words, filters }: TextQuery): string | null {
  const last = words.at(-1);
  if (last === undefined) return null;
  // A whole word counts beside the prefix, so that it comes before what it only begins.
  const terms = [...words.map((word) => `"${word}"`), `"${last}" *`].join(" OR ");
  if (filters.length === 0) return `{words} : (${terms})`;
  return `{words} : (${terms}) AND {filters} : (${filters.map((mark) => `"${mark}"`).join(" AND ")})`;
}

function asVector(bytes: Uint8Array): Float32Array {
  if (bytes.byteOffset % 4 === 0) {
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  }
  return new Float32Array(bytes.slice().buffer);
}
