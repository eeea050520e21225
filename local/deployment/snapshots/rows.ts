/** The rows of an import, from any of the formats that the CLI sends. */
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { parseUnicodeJson } from "../values/unicode-json.ts";
import { ImportError } from "./import-error.ts";

/** Far beyond the largest document; what has no end of line is not kept in memory whole. */
const MAX_LINE_CHARS = 16 * 1024 * 1024;
const MAX_ARRAY_BYTES = 64 * 1024 * 1024;

/** One value a line, with the number of its line from 1. */
export interface ImportRow {
  readonly line: number;
  readonly value: unknown;
}

export type TableFormat = "csv" | "jsonLines" | "jsonArray";

/** Reads a file that holds one table. */
export function readTable(format: TableFormat, path: string): AsyncIterable<ImportRow> {
  switch (format) {
    case "csv":
      return readCsv(path);
    case "jsonLines":
      return readJsonLines(createReadStream(path));
    case "jsonArray":
      return readJsonArray(path);
  }
}

export async function* readJsonLines(stream: Readable): AsyncIterable<ImportRow> {
  let line = 0;
  for await (const text of linesOf(stream)) {
    line++;
    if (text.trim() === "") continue;
    yield { line, value: parse(text, (reason) => `Row ${line} wasn't valid JSON: ${reason}`) };
  }
}

async function* readJsonArray(path: string): AsyncIterable<ImportRow> {
  const { size } = await stat(path);
  if (size > MAX_ARRAY_BYTES) {
    throw new ImportError(
      `Import is too large for JSON (${size} bytes > maximum ${MAX_ARRAY_BYTES}). Consider converting data to JSONLines`,
    );
  }
  const text = decode(await readFile(path));
  const values = parse(text, (reason) => `Not valid JSON: ${reason}`);
  if (!Array.isArray(values)) throw new ImportError("Not a JSON array");
  for (const [at, value] of (values as unknown[]).entries()) yield { line: at + 1, value };
}

async function* readCsv(path: string): AsyncIterable<ImportRow> {
  const records = parseCsv(decode(await readFile(path)));
  const names = records.shift()?.map((name) => name.trim());
  if (names === undefined) throw new ImportError("CSV file doesn't have headers");
  for (const [at, cells] of records.entries()) {
    const line = at + 1;
    if (cells.length !== names.length) {
      throw new ImportError(`CSV row ${line} doesn't have all of the fields in the header`);
    }
    const pairs = names.map((name, column) => [name, cellValue(cells[column]!)] as const);
    yield { line, value: Object.fromEntries(pairs) };
  }
}

/** Numbers are numbers; everything else is text. */
function cellValue(cell: string): number | string {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell) ? Number(cell) : cell;
}

/** Records of cells; a cell in quotes may hold commas, ends of lines and doubled quotes. */
export function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (!found) throw new ImportError(`Failed to parse CSV row ${records.length}`);
    const [, quoted, plain = "", end] = found;
    record.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ",") {
      // A line that ends in a comma has one more, empty cell.
      if (cell.lastIndex === text.length) record.push("");
      else continue;
    }
    if (record.length > 1 || record[0] !== "") records.push(record);
    record = [];
  }
  if (record.length > 0) records.push(record);
  return records;
}

async function* linesOf(stream: Readable): AsyncIterable<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  const append = (bytes?: Uint8Array) => {
    try {
      rest += bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      throw new ImportError("Import wasn't valid UTF8");
    }
  };
  for await (const bytes of stream as AsyncIterable<Uint8Array>) {
    append(bytes);
    const lines = rest.split("\n");
    rest = lines.pop()!;
    yield* lines;
    if (rest.length > MAX_LINE_CHARS) throw new ImportError("A row is longer than any document");
  }
  append();
  if (rest !== "") yield rest;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ImportError("Import wasn't valid UTF8");
  }
}

function parse(text: string, describe: (reason: string) => string): unknown {
  try {
    return parseUnicodeJson(text);
  } catch (error) {
    throw new ImportError(describe(error instanceof Error ? error.message : String(error)));
  }
}
