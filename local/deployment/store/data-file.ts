/** The SQLite file under the database: opened, recognised, and never overwritten. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { RedoLog, SALT_BYTES } from "./redo-log.ts";

/** Raised with each change of the tables below. A file with a higher number is left alone. */
const FORMAT_VERSION = 4;
/** Marks the file as ours ("CxDb"), so that another program's database is never written to. */
const APPLICATION_ID = 0x43784462;
const CACHE_KIB = 64 * 1024;
/** Pages are read through a memory map up to here, which spares a copy for each page of a large file. */
const MAPPED_BYTES = 64 * 1024 ** 3;
/** The log is folded into the file after so many pages (32 MB): pages that are hot are written once. */
const CHECKPOINT_PAGES = 8_000;

const SQLITE_PERM = 3;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/*
 * Every document is one row of `documents`; every index, the built-in ones too, is a range of
 * `entries`, which is sorted by (index, key) and leads to the row. Rows are numbered in the order
 * of insertion, so that new documents fill the same page.
 */
const TABLES = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE tables (
    number INTEGER PRIMARY KEY, component TEXT NOT NULL, name TEXT NOT NULL,
    UNIQUE (component, name)
  ) STRICT;
  CREATE TABLE indexes (
    id INTEGER PRIMARY KEY, table_number INTEGER NOT NULL, name TEXT NOT NULL,
    fields TEXT NOT NULL, state TEXT NOT NULL
  ) STRICT;
  CREATE TABLE schemas (component TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
  CREATE TABLE documents (
    row INTEGER PRIMARY KEY, size INTEGER NOT NULL, json TEXT NOT NULL
  ) STRICT;
  CREATE TABLE entries (
    index_id INTEGER NOT NULL, key BLOB NOT NULL, row INTEGER NOT NULL,
    PRIMARY KEY (index_id, key)
  ) STRICT, WITHOUT ROWID;
`;

/** Came with format 2: the vector indexes. The text indexes are tables of their own, `text_N`. */
const VECTORS = `
  CREATE TABLE vectors (
    index_id INTEGER NOT NULL, row INTEGER NOT NULL, filters TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (index_id, row)
  ) STRICT, WITHOUT ROWID;
`;

/** Came with format 3: what was a table of documents, with three entries each, is one row each. */
const ANSWERS = `
  CREATE TABLE answers (
    session TEXT NOT NULL, request INTEGER NOT NULL, time INTEGER NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (session, request)
  ) STRICT, WITHOUT ROWID;
  CREATE TEMP VIEW former AS SELECT number FROM tables
    WHERE component = '' AND name = '_session_requests';
  CREATE TEMP VIEW former_indexes AS SELECT id FROM indexes WHERE table_number IN former;
  CREATE TEMP VIEW former_rows AS SELECT row FROM entries WHERE index_id IN former_indexes;
  INSERT OR REPLACE INTO answers
    SELECT json ->> 'sessionId', CAST(json ->> 'requestId' AS INTEGER),
      CAST(json ->> '_creationTime' AS INTEGER),
      json_object('value', json ->> 'result', 'logLines', json(json -> 'logLines'))
    FROM documents WHERE row IN former_rows;
  DELETE FROM documents WHERE row IN former_rows;
  DELETE FROM entries WHERE index_id IN former_indexes;
  DELETE FROM indexes WHERE id IN former_indexes;
  DELETE FROM tables WHERE number IN former;
  DROP VIEW former_rows;
  DROP VIEW former_indexes;
  DROP VIEW former;
`;

/** Names the records of the redo log that the data file does not have yet. Came with format 4. */
const FIND_SALT = "SELECT value FROM meta WHERE name = 'redo_salt'";
const SAVE_SALT = "INSERT OR REPLACE INTO meta VALUES ('redo_salt', ?)";

export type DataFileProblem = "corrupt" | "newer" | "in-use" | "unwritable";

/** The data file cannot be used. The message is a sentence for the person who started the program. */
class DataFileError extends Error {
  override readonly name = "DataFileError";
  readonly kind: DataFileProblem;
  constructor(kind: DataFileProblem, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

/** The file under the database, with the log of what it does not have yet. */
export interface DataFile {
  readonly sqlite: DatabaseSync;
  readonly log: RedoLog;
}

/**
 * Opens the file, or creates it where there is none or an empty one, and brings it up to date with
 * its redo log. Takes it for this process alone until it is closed. Throws a DataFileError.
 */
export function openDataFile(file: string): DataFile {
  checkLength(file);
  let sqlite: DatabaseSync | undefined;
  let log: RedoLog | undefined;
  try {
    sqlite = new DatabaseSync(file, { timeout: 0 });
    sqlite.exec("PRAGMA locking_mode = EXCLUSIVE");
    recognise(sqlite, file);
    sqlite.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA cache_size = -${CACHE_KIB};
      PRAGMA mmap_size = ${MAPPED_BYTES};
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
      PRAGMA temp_store = MEMORY;
    `);
    // Takes the write lock at once, so that a second opener learns of the first here and not later.
    sqlite.exec("BEGIN IMMEDIATE");
    createTables(sqlite);
    log = RedoLog.open(`${file}-redo`);
    const dataFile = { sqlite, log };
    redo(dataFile);
    return dataFile;
  } catch (error) {
    sqlite?.close();
    log?.close();
    throw error instanceof DataFileError ? error : explain(error, file);
  }
}

export function closeDataFile({ sqlite, log }: DataFile): void {
  sqlite.close();
  log.close();
}

/** Ends the transaction that is open: with it, the data file has everything that was in the log. */
export function commitDataFile({ sqlite, log }: DataFile): void {
  const salt = randomBytes(SALT_BYTES);
  sqlite.prepare(SAVE_SALT).run(salt);
  sqlite.exec("COMMIT");
  log.restart(salt);
}

/**
 * Brings the file up to date with SQLite's log and leaves it alone from then on: commits go to that
 * log only, which grows until the returned function is called. No transaction may be open.
 */
export function holdDataFile(sqlite: DatabaseSync): () => void {
  const { busy } = sqlite.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get() as { busy: number };
  if (busy !== 0) throw new Error("The data file could not be brought up to date with its log.");
  sqlite.exec("PRAGMA wal_autocheckpoint = 0");
  return () => sqlite.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
}

/** Whose file it is and how old, before anything is written to it. */
function recognise(sqlite: DatabaseSync, file: string): void {
  const version = readPragma(sqlite, "user_version");
  const applicationId = readPragma(sqlite, "application_id");
  const count = sqlite.prepare("SELECT count(*) AS count FROM sqlite_schema").get()!["count"];
  if (applicationId !== APPLICATION_ID && (count !== 0 || version !== 0 || applicationId !== 0)) {
    throw new DataFileError("corrupt", `${file} is a database of another program.`);
  }
  if (version > FORMAT_VERSION) {
    throw new DataFileError(
      "newer",
      `${file} was written by a newer version of this program (format ${version}; this one reads up to ${FORMAT_VERSION}).`,
    );
  }
}

function readPragma(sqlite: DatabaseSync, name: string): number {
  return Number(sqlite.prepare(`PRAGMA ${name}`).get()![name]);
}

function createTables(sqlite: DatabaseSync): void {
  const version = readPragma(sqlite, "user_version");
  if (version === 0) {
    sqlite.exec(TABLES);
    sqlite.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  }
  if (version < 2) sqlite.exec(VECTORS);
  if (version < 3) sqlite.exec(ANSWERS);
  if (version < FORMAT_VERSION) sqlite.exec(`PRAGMA user_version = ${FORMAT_VERSION}`);
}

/** Does once more what was acknowledged after SQLite's last commit. */
function redo(file: DataFile): void {
  const salt = file.sqlite.prepare(FIND_SALT).get()?.["value"];
  if (salt instanceof Uint8Array) {
    for (const [sql, values] of file.log.writesSince(salt)) file.sqlite.prepare(sql).run(...values);
  }
  commitDataFile(file);
}

/**
 * SQLite notices a cut file only when it reads beyond the cut. The header knows how many pages
 * there should be; without a write-ahead log it must be right.
 */
function checkLength(file: string): void {
  const header = readStart(file, 100);
  if (header === null || header.bytes.length < 100 || sizeOf(`${file}-wal`) > 0) return;
  const pageSize = header.bytes.readUInt16BE(16) === 1 ? 65_536 : header.bytes.readUInt16BE(16);
  const pages = header.bytes.readUInt32BE(28);
  if (
    header.bytes.toString("latin1", 0, 15) === "SQLite format 3" &&
    header.size < pages * pageSize
  ) {
    throw new DataFileError(
      "corrupt",
      `${file} is cut short: it has ${header.size} bytes and should have ${pages * pageSize}.`,
    );
  }
}

function readStart(file: string, length: number): { bytes: Buffer; size: number } | null {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch {
    return null;
  }
  try {
    const bytes = Buffer.alloc(length);
    const read = readSync(descriptor, bytes, 0, length, 0);
    return { bytes: bytes.subarray(0, read), size: fstatSync(descriptor).size };
  } catch {
    return null;
  } finally {
    closeSync(descriptor);
  }
}

function sizeOf(file: string): number {
  return readStart(file, 1)?.size ?? 0;
}

function explain(error: unknown, file: string): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if ("syscall" in error) {
    return new DataFileError("unwritable", `${file} cannot be written: ${error.message}.`, error);
  }
  const code = "errcode" in error && typeof error.errcode === "number" ? error.errcode & 255 : null;
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return new DataFileError("in-use", `${file} is in use by another process.`, error);
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return new DataFileError(
        "corrupt",
        `${file} is damaged or not a database: ${error.message}.`,
        error,
      );
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
      return new DataFileError("unwritable", `${file} cannot be written: ${error.message}.`, error);
    default:
      return error;
  }
}
