/**
 * SQLite behind a redo log. Statements that write go to the log first, which is what makes them
 * durable; SQLite gets them when somebody reads or there is nothing else to do, and commits many of
 * them at once. What is no plain statement (the catalog, a purge) is written directly, and durable
 * when SQLite has committed it.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { closeDataFile, commitDataFile, holdDataFile } from "./data-file.ts";
import type { DataFile } from "./data-file.ts";
import { REDO_BYTES } from "./redo-log.ts";
import type { Write } from "./redo-log.ts";

/** A statement that changes something, done in its turn. */
export interface WriteStatement {
  run(...values: SQLInputValue[]): void;
}

/** A statement that finds rows as everything written so far has left them. Rows are arrays. */
export interface ReadStatement {
  get(...values: SQLInputValue[]): unknown;
  all(...values: SQLInputValue[]): unknown[];
}

interface Pending {
  readonly statement: StatementSync;
  readonly write: Write;
}

export class LoggedSqlite {
  readonly #file: DataFile;
  readonly #sqlite: DatabaseSync;
  /** What the log does not have yet. */
  #unlogged: Write[] = [];
  /** What SQLite does not have yet. */
  #unsettled: Pending[] = [];
  /** Of what is not in the log; about so many bytes. */
  #size = 0;
  #inTransaction = false;
  #isDirect = false;
  #failure: { readonly error: unknown } | null = null;

  constructor(file: DataFile) {
    this.#file = file;
    this.#sqlite = file.sqlite;
  }

  prepareWrite(sql: string): WriteStatement {
    const statement = this.#sqlite.prepare(sql);
    return { run: (...values) => this.#add(statement, [sql, values]) };
  }

  prepareRead(sql: string): ReadStatement {
    const statement = this.#sqlite.prepare(sql);
    statement.setReturnArrays(true);
    return {
      get: (...values) => (this.settle(), statement.get(...values)),
      all: (...values) => (this.settle(), statement.all(...values)),
    };
  }

  /** Whether something is not on disk yet. */
  get isUnflushed(): boolean {
    return this.#isDirect || this.#unlogged.length > 0;
  }

  /** From here to the next flush SQLite is written to at once, for what the log cannot hold. */
  direct(): DatabaseSync {
    this.settle();
    this.#beginTransaction();
    this.#isDirect = true;
    this.#forgetUnlogged();
    return this.#sqlite;
  }

  /** Puts everything on disk. */
  flush(): void {
    if (this.#isDirect || !this.#file.log.append(this.#unlogged)) this.commit();
    else this.#forgetUnlogged();
  }

  /** Gives SQLite what it does not have yet. Once that has failed, nothing can be read any more. */
  settle(): void {
    if (this.#failure !== null) throw this.#failure.error;
    if (this.#unsettled.length === 0) return;
    try {
      this.#beginTransaction();
      for (const { statement, write } of this.#unsettled) statement.run(...write[1]);
      this.#unsettled = [];
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  /** Puts everything on disk in the data file itself. */
  commit(): void {
    this.direct();
    commitDataFile(this.#file);
    this.#inTransaction = false;
    this.#isDirect = false;
  }

  /** Gives what `work` finds, and undoes what it wrote. */
  takingBack<T>(work: () => T): T {
    this.settle();
    const isOuter = !this.#inTransaction;
    const wasDirect = this.#isDirect;
    this.#sqlite.exec(isOuter ? "BEGIN" : "SAVEPOINT taking_back");
    this.#isDirect = true;
    try {
      return work();
    } finally {
      this.#isDirect = wasDirect;
      this.#sqlite.exec(isOuter ? "ROLLBACK" : "ROLLBACK TO taking_back; RELEASE taking_back");
    }
  }

  /** Keeps the data file as it is after everything so far, until the returned function is called. */
  hold(): () => void {
    this.commit();
    return holdDataFile(this.#sqlite);
  }

  /** Closes the files. What is not flushed is lost. */
  close(): void {
    closeDataFile(this.#file);
  }

  #add(statement: StatementSync, write: Write): void {
    if (this.#isDirect) {
      statement.run(...write[1]);
      return;
    }
    this.#unlogged.push(write);
    this.#unsettled.push({ statement, write });
    for (const value of write[1]) this.#size += sizeOf(value);
    if (this.#size > REDO_BYTES) this.direct();
  }

  #beginTransaction(): void {
    if (this.#inTransaction) return;
    this.#sqlite.exec("BEGIN IMMEDIATE");
    this.#inTransaction = true;
  }

  #forgetUnlogged(): void {
    this.#unlogged = [];
    this.#size = 0;
  }
}

function sizeOf(value: SQLInputValue): number {
  if (typeof value === "string") return value.length;
  return typeof value === "object" && value !== null ? value.byteLength : 8;
}
