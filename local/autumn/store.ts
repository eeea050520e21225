import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Records } from "./records.ts";

type Kind = keyof Records;

/**
 * Keeps every record in one SQLite file, and all of them in memory to read. What a transaction
 * wrote is on disk when it returns, and none of it when it throws.
 */
export class Store {
  readonly #database: DatabaseSync;
  readonly #records = new Map<Kind, Map<string, unknown>>();

  /** `:memory:` keeps nothing. */
  constructor(file: string) {
    if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    this.#database = new DatabaseSync(file);
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      CREATE TABLE IF NOT EXISTS records (
        kind TEXT, id TEXT, record TEXT, PRIMARY KEY (kind, id)
      ) WITHOUT ROWID;
    `);
    this.#load();
  }

  get<K extends Kind>(kind: K, id: string): Records[K] | null {
    return (this.#of(kind).get(id) as Records[K] | undefined) ?? null;
  }

  /** In the order in which they were first put. */
  list<K extends Kind>(kind: K): Records[K][] {
    return [...this.#of(kind).values()] as Records[K][];
  }

  put<K extends Kind>(kind: K, record: Records[K]): void {
    this.#database
      .prepare("INSERT OR REPLACE INTO records (kind, id, record) VALUES (?, ?, ?)")
      .run(kind, record.id, JSON.stringify({ order: this.#orderOf(kind, record.id), record }));
    this.#of(kind).set(record.id, record);
  }

  remove(kind: Kind, id: string): void {
    this.#database.prepare("DELETE FROM records WHERE kind = ? AND id = ?").run(kind, id);
    this.#of(kind).delete(id);
  }

  /** Runs `work`, which must not wait for anything, as a whole or not at all. */
  transaction<T>(work: () => T): T {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      this.#load();
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }

  readonly #orders = new Map<string, number>();
  #nextOrder = 0;

  #orderOf(kind: Kind, id: string): number {
    const key = `${kind}/${id}`;
    const order = this.#orders.get(key) ?? this.#nextOrder++;
    this.#orders.set(key, order);
    return order;
  }

  #load(): void {
    this.#records.clear();
    this.#orders.clear();
    const rows = this.#database.prepare("SELECT kind, id, record FROM records").all();
    const loaded = rows
      .map((row) => ({
        kind: row.kind as Kind,
        id: String(row.id),
        ...(JSON.parse(String(row.record)) as { order: number; record: unknown }),
      }))
      .sort((a, b) => a.order - b.order);
    for (const { kind, id, order, record } of loaded) {
      this.#of(kind).set(id, record);
      this.#orders.set(`${kind}/${id}`, order);
    }
    this.#nextOrder = (loaded.at(-1)?.order ?? -1) + 1;
  }

  #of(kind: Kind): Map<string, unknown> {
    const records = this.#records.get(kind) ?? new Map<string, unknown>();
    this.#records.set(kind, records);
    return records;
  }
}
