/** The one file of a backup: a ZIP file of the data folder's parts. */
import { closeSync, createWriteStream, fsyncSync, openSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import yauzl from "yauzl";
import type { Entry, ZipFile } from "yauzl";
import { ZipFile as ZipWriter } from "yazl";
import { BackupError } from "./backup-error.ts";

/** What a backup holds besides the files: everything else is made anew. */
const PARTS = { database: "data.sqlite", adminKey: "admin-key" } as const;
const STORED_FILE = /^files\/[0-9a-f-]{36}$/;
/** Little is gained by more, and the deployment serves meanwhile. */
const COMPRESSION = { compress: true, compressLevel: 1 } as const;
/** Files are mostly compressed already. */
const AS_IS = { compress: false } as const;

/**
 * The archive of a data folder as it is written.
 *
 * @param database a copy of the data file that nobody writes to.
 */
export async function archive(dataDir: string, database: string): Promise<Readable> {
  const zip = new ZipWriter();
  zip.addFile(database, PARTS.database, COMPRESSION);
  zip.addFile(join(dataDir, PARTS.adminKey), PARTS.adminKey, COMPRESSION);
  for (const name of await readdir(join(dataDir, "files"))) {
    const path = `files/${name}`;
    if (STORED_FILE.test(path)) zip.addFile(join(dataDir, path), path, AS_IS);
  }
  // A file that cannot be read ends the stream, so that nobody takes the rest for a backup.
  zip.on("error", (error: Error) => (zip.outputStream as Readable).destroy(error));
  zip.end();
  return zip.outputStream as Readable;
}

/** Unpacks an archive into an empty folder, synced to disk. Throws a BackupError when it is none. */
export async function unpack(path: string, folder: string): Promise<void> {
  const open = promisify<string, yauzl.Options, ZipFile>(yauzl.open);
  const zip = await open(path, { lazyEntries: true, autoClose: false }).catch(() => {
    throw new BackupError(`${path} is no backup, or it was cut short.`);
  });
  try {
    const names = new Set<string>();
    for await (const entry of entriesOf(zip, path)) {
      const name = entry.fileName;
      if (!STORED_FILE.test(name) && name !== PARTS.database && name !== PARTS.adminKey) {
        throw new BackupError(`${path} is no backup: it holds ${name}.`);
      }
      names.add(name);
      await extract(zip, entry, join(folder, name));
    }
    if (names.has(PARTS.database) && names.has(PARTS.adminKey)) return;
    throw new BackupError(`${path} is no backup: it has no database.`);
  } finally {
    zip.close();
  }
}

async function* entriesOf(zip: ZipFile, path: string): AsyncIterable<Entry> {
  for (;;) {
    const next = Promise.withResolvers<Entry | null>();
    const onEnd = () => next.resolve(null);
    const onError = () => next.reject(new BackupError(`${path} is damaged.`));
    zip.once("entry", next.resolve).once("end", onEnd).once("error", onError);
    zip.readEntry();
    const entry = await next.promise;
    zip.removeListener("end", onEnd).removeListener("error", onError);
    if (entry === null) return;
    yield entry;
  }
}

async function extract(zip: ZipFile, entry: Entry, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const stream = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  await pipeline(stream, createWriteStream(target, { mode: 0o600, flags: "wx" }));
  syncFile(target);
}

/** Writes a stream to a file that appears under its name only when it is whole and on disk. */
export async function writeWhole(stream: Readable, part: string): Promise<void> {
  await pipeline(stream, createWriteStream(part, { mode: 0o600 }));
  syncFile(part);
}

function syncFile(path: string): void {
  const handle = openSync(path, "r+");
  fsyncSync(handle);
  closeSync(handle);
}
