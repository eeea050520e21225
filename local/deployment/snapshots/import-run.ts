import { randomUUID } from "node:crypto";
import { type FileStorage, isFileUuid, type SavedFile } from "../files/file-storage.ts";
import { STORAGE_TABLE } from "../files/tables.ts";
import { APP, setVersion } from "../functions/components.ts";
import { byCreationTime } from "../store/catalog.ts";
import type { Table } from "../store/catalog.ts";
import { ownedBy } from "../syscalls/system-documents.ts";
import type { Database } from "../transaction/database.ts";
import { WHOLE_INDEX } from "../transaction/index-range.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { decodeId, newInternalId } from "../values/id.ts";
import { ImportError } from "./import-error.ts";
import {
  type ImportMode,
  type ImportPlan,
  type IncomingDocument,
  incomingDocument,
  planImport,
  type PlannedTable,
  storageFields,
} from "./import-plan.ts";
import type { ImportedFile, ImportSource } from "./import-source.ts";

const BATCH = 1_000;

type Step = (tx: Transaction) => void;

/** A file whose content is in place and whose row is still to be written. */
interface IncomingFile {
  readonly component: string;
  readonly internal: string;
  readonly creationTime: number | null;
  readonly saved: SavedFile;
  readonly contentType: string | null;
}

/**
 * Imports as a whole or not at all: files first, then every document in one write. Returns how many
 * documents there are more.
 *
 * @throws ImportError, with nothing changed.
 */
export async function runImport(
  database: Database,
  files: FileStorage,
  source: ImportSource,
  mode: ImportMode,
): Promise<number> {
  await check(database, source, mode);
  const incoming = await saveFiles(files, source);
  let written = 0;
  await database.writeAll(
    (async function* steps(): AsyncIterable<Step> {
      const tx = database.beginRead(database.latestTs);
      let plan: ImportPlan;
      try {
        plan = await planImport(source, mode, tx);
      } finally {
        tx.close();
      }
      yield* clear(database, plan);
      yield (writer) => prepareTables(writer, plan);
      for (const table of plan.tables) {
        written += table.added;
        yield* fill(table);
      }
      written += incoming.length;
      yield (writer) => {
        for (const file of incoming) addFile(writer, file);
        // Whoever watches a table that was replaced reads anew.
        setVersion(writer, randomUUID());
      };
    })(),
  );
  return written;
}

/** Before anything is saved; the same is checked again when nobody else writes any more. */
async function check(database: Database, source: ImportSource, mode: ImportMode): Promise<void> {
  const tx = database.beginRead();
  try {
    await planImport(source, mode, tx);
  } finally {
    tx.close();
  }
}

async function* clear(database: Database, { tables, storage }: ImportPlan): AsyncIterable<Step> {
  for (const { present, deleted } of tables) {
    if (present && deleted > 0) yield* clearTable(database, present);
  }
  if (storage && storage.deleted > 0) {
    yield* clearTable(database, database.catalog.table(APP, STORAGE_TABLE.name)!);
  }
}

async function* clearTable(database: Database, table: Table): AsyncIterable<Step> {
  for (;;) {
    const { store, latestTs } = database;
    const index = byCreationTime(table);
    const { rows } = store.range(table, index, WHOLE_INDEX, "asc", BATCH, latestTs);
    if (rows.length === 0) return;
    yield (tx) => {
      for (const { doc } of rows) tx.erase(table, doc);
    };
    await turn();
  }
}

function prepareTables(tx: Transaction, plan: ImportPlan): void {
  if (plan.renumbered.size > 0) tx.tables.renumber(plan.renumbered);
  const missing = plan.tables.filter(({ present }) => present === undefined);
  // Those that want a number first: others take what is left.
  missing.sort((a, b) => Number(a.number === null) - Number(b.number === null));
  for (const { component, name, number } of missing) {
    tx.tables.create(component, name, [], [], null, number);
  }
}

async function* fill({ source, component, name }: PlannedTable): AsyncIterable<Step> {
  if (source === null) return;
  let batch: IncomingDocument[] = [];
  const write = (documents: readonly IncomingDocument[]) => (tx: Transaction) => {
    const table = tx.tables.table(component, name)!;
    for (const { id, creationTime, fields } of documents) {
      const time = creationTime ?? tx.nextCreationTime();
      tx.restore(table, id?.internal ?? newInternalId(time), time, fields);
    }
  };
  for await (const row of source.rows()) {
    batch.push(incomingDocument(row));
    if (batch.length < BATCH) continue;
    yield write(batch);
    batch = [];
    await turn();
  }
  if (batch.length > 0) yield write(batch);
}

function addFile(tx: Transaction, file: IncomingFile): void {
  const table = tx.tables.table(APP, STORAGE_TABLE.name)!;
  const time = file.creationTime ?? tx.nextCreationTime();
  const fields = { ...storageFields(file.saved, file.contentType), ...ownedBy(file.component) };
  tx.restore(table, file.internal, time, fields);
}

/** What is known of a file, as `_storage/documents.jsonl` tells it. */
interface FileFacts {
  readonly _creationTime?: number;
  /** In base64. */
  readonly sha256?: string;
  readonly contentType?: string;
  readonly internalId?: string;
}

/** A file whose import fails afterwards has no row, and is swept away later. */
async function saveFiles(files: FileStorage, source: ImportSource): Promise<IncomingFile[]> {
  const facts = new Map<string, FileFacts>();
  for (const table of source.storage) {
    for await (const { line, value } of table.rows()) {
      const id = (value as { _id?: unknown } | null)?._id;
      if (typeof id !== "string") throw new ImportError(`Row ${line} of _storage has no \`_id\``);
      facts.set(id, value as FileFacts);
    }
  }
  const incoming: IncomingFile[] = [];
  for (const file of source.files) {
    incoming.push(await saveFile(files, file, facts.get(file.id) ?? {}));
  }
  return incoming;
}

async function saveFile(
  files: FileStorage,
  { component, id, content }: ImportedFile,
  facts: FileFacts,
): Promise<IncomingFile> {
  // A file keeps its address, unless another is there already.
  const known = isFileUuid(facts.internalId ?? "") ? facts.internalId! : null;
  const isTaken = known !== null && files.has(known);
  const saved = await files.save(await content(), isTaken ? undefined : (known ?? undefined));
  if (facts.sha256 !== undefined && digestOf(saved) !== facts.sha256) {
    throw new ImportError(`The file ${id} is not the one that was exported: its SHA-256 differs.`);
  }
  const isThere = isTaken && (await files.sha256(known)) === saved.sha256;
  const uuid = isThere ? known : saved.uuid;
  return {
    component,
    internal: decodeId(id).internal,
    creationTime: facts._creationTime ?? null,
    saved: { ...saved, uuid },
    contentType: facts.contentType ?? null,
  };
}

function digestOf({ sha256 }: SavedFile): string {
  return Buffer.from(sha256, "hex").toString("base64");
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
