import type { Readable } from "node:stream";
import { promisify } from "node:util";
import yauzl from "yauzl";
import type { Entry, ZipFile } from "yauzl";
import { ImportError } from "./import-error.ts";
import { type ImportRow, readJsonLines, readTable, type TableFormat } from "./rows.ts";
import { contentAt, STORAGE, TABLES } from "./zip-paths.ts";

export interface ImportedTable {
  readonly component: string;
  readonly name: string;
  /** The rows, from the first, each time it is called. */
  rows(): AsyncIterable<ImportRow>;
}

export interface ImportedFile {
  readonly component: string;
  /** The id of its `_storage` document. */
  readonly id: string;
  content(): Promise<Readable>;
}

/** What a file to import holds. */
export interface ImportSource {
  /** Tables of documents. */
  readonly tables: readonly ImportedTable[];
  /** `_tables`: which number each table has, one of each component. */
  readonly numbers: readonly ImportedTable[];
  /** `_storage`: what is known of the files, one of each component. */
  readonly storage: readonly ImportedTable[];
  readonly files: readonly ImportedFile[];
  close(): void;
}

/** One table from a file. */
export function tableSource(
  path: string,
  format: TableFormat,
  component: string,
  name: string,
): ImportSource {
  const table = { component, name, rows: () => readTable(format, path) };
  return { tables: [table], numbers: [], storage: [], files: [], close: () => {} };
}

/**
 * The ZIP file of an export, with `base` as the component that it is all in. Must be closed. Throws
 * an ImportError when it is none.
 */
export async function zipSource(path: string, base: string): Promise<ImportSource> {
  const zip = await openZip(path);
  try {
    const documents: ImportedTable[] = [];
    const files: ImportedFile[] = [];
    for (const entry of await entriesOf(zip)) {
      const content = contentAt(entry.fileName);
      const open = () => openEntry(zip, entry);
      if (content === null) continue;
      const component = [base, content.component].filter((part) => part !== "").join("/");
      if (content.kind === "documents") {
        documents.push({ component, name: content.table, rows: () => rowsOf(open) });
      } else files.push({ component, id: content.id, content: open });
    }
    return {
      tables: documents.filter(({ name }) => !name.startsWith("_")),
      numbers: documents.filter(({ name }) => name === TABLES),
      storage: documents.filter(({ name }) => name === STORAGE),
      files,
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function* rowsOf(open: () => Promise<Readable>): AsyncIterable<ImportRow> {
  yield* readJsonLines(await open());
}

async function openZip(path: string): Promise<ZipFile> {
  const open = promisify<string, yauzl.Options, ZipFile>(yauzl.open);
  try {
    return await open(path, { lazyEntries: true, autoClose: false });
  } catch {
    throw new ImportError("invalid zip file");
  }
}

function entriesOf(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on("entry", (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.once("end", () => resolve(entries));
    zip.once("error", () => reject(new ImportError("invalid zip file")));
    zip.readEntry();
  });
}

function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(new ImportError("invalid zip file"));
      else resolve(stream);
    });
  });
}
