import { createReadStream, createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import type { FileStorage } from "../files/file-storage.ts";
import { STORAGE_TABLE } from "../files/tables.ts";
import { APP } from "../functions/components.ts";
import { byCreationTime, FIRST_USER_TABLE_NUMBER } from "../store/catalog.ts";
import type { Table } from "../store/catalog.ts";
import type { Doc } from "../store/document.ts";
import { ownerOf } from "../syscalls/system-documents.ts";
import { WHOLE_INDEX } from "../transaction/index-range.ts";
import type { Transaction } from "../transaction/transaction.ts";
import type { KeyRange } from "../store/rows.ts";
import { componentFolder, STORAGE, TABLES } from "./zip-paths.ts";

const BATCH = 500;
const MODE = 0o100644;

const README = `This is a snapshot of a Convex deployment.

Each folder is a table and holds one JSON document a line. \`npx convex import\` puts it into another
deployment: https://docs.convex.dev/database/import-export/import
`;

/**
 * Writes everything that the transaction's snapshot holds into a ZIP file, in the layout of Convex's
 * own exports. The transaction stays open until the file is whole and on disk.
 */
export async function writeZip(
  path: string,
  tx: Transaction,
  files: FileStorage | null,
): Promise<void> {
  const zip = new ZipFile();
  const failed = Promise.withResolvers<never>();
  zip.on("error", (error: Error) => failed.reject(error));
  zip.addBuffer(Buffer.from(README), "README.md", { mode: MODE });
  const tables = tx.tables.all().filter(({ number }) => number >= FIRST_USER_TABLE_NUMBER);
  tables.sort((a, b) => a.number - b.number);
  for (const component of new Set([APP, ...tables.map((table) => table.component)])) {
    const folder = componentFolder(component);
    const own = tables.filter((table) => table.component === component);
    addText(zip, `${folder}${TABLES}/documents.jsonl`, () =>
      own.map(({ name, number }) => `${JSON.stringify({ name, id: number })}\n`),
    );
    if (files !== null) addFiles(zip, folder, tx, files, component);
    for (const table of own) {
      addText(zip, `${folder}${table.name}/documents.jsonl`, () => documentLines(tx, table));
      zip.addBuffer(Buffer.from('"uniform"\n'), `${folder}${table.name}/generated_schema.jsonl`, {
        mode: MODE,
      });
    }
  }
  zip.end();
  const output = createWriteStream(path);
  await Promise.race([pipeline(zip.outputStream, output), failed.promise]);
  const handle = await open(path, "r+");
  await handle.sync();
  await handle.close();
}

/** The lines are asked for when their turn has come. */
function addText(
  zip: ZipFile,
  path: string,
  lines: () => Iterable<string> | AsyncIterable<string>,
): void {
  zip.addReadStreamLazy(path, { mode: MODE }, (give) => give(null, Readable.from(lines())));
}

async function* documentLines(tx: Transaction, table: Table): AsyncIterable<string> {
  for await (const docs of batches(tx, table)) {
    yield docs.map(({ json }) => `${json}\n`).join("");
  }
}

async function* batches(tx: Transaction, table: Table): AsyncIterable<readonly Doc[]> {
  const { store, snapshotTs } = tx;
  for (let range: KeyRange | null = WHOLE_INDEX; range !== null;) {
    const batch = store.range(table, byCreationTime(table), range, "asc", BATCH, snapshotTs);
    yield batch.rows.map(({ doc }) => doc);
    range = batch.rest;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function addFiles(
  zip: ZipFile,
  folder: string,
  tx: Transaction,
  files: FileStorage,
  component: string,
): void {
  const table = tx.tables.table(APP, STORAGE_TABLE.name)!;
  const rows = [...storedRows(tx, table)].filter((row) => ownerOf(row) === component);
  addText(zip, `${folder}${STORAGE}/documents.jsonl`, () =>
    rows.map(({ value, id }) => {
      const { sha256, size, contentType, uuid, _creationTime } = value;
      const digest = Buffer.from(sha256 as string, "hex").toString("base64");
      const line = { _id: id, _creationTime, sha256: digest, size, contentType, internalId: uuid };
      return `${JSON.stringify(line)}\n`;
    }),
  );
  for (const { id, value } of rows) {
    const content = files.path(value["uuid"] as string);
    zip.addReadStreamLazy(`${folder}${STORAGE}/${id}`, { mode: MODE }, (give) =>
      give(null, createReadStream(content)),
    );
  }
}

function* storedRows(tx: Transaction, table: Table): Iterable<Doc> {
  const { store, snapshotTs } = tx;
  for (let range: KeyRange | null = WHOLE_INDEX; range !== null;) {
    const batch = store.range(table, byCreationTime(table), range, "asc", BATCH, snapshotTs);
    for (const { doc } of batch.rows) yield doc;
    range = batch.rest;
  }
}
