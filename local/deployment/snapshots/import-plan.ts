/** What an import will do, found out and checked before anything is changed. */
import { jsonToConvex } from "convex/values";
import type { JSONValue } from "convex/values";
import type { SavedFile } from "../files/file-storage.ts";
import { STORAGE_TABLE } from "../files/tables.ts";
import { APP } from "../functions/components.ts";
import { FIRST_USER_TABLE_NUMBER } from "../store/catalog.ts";
import type { Table } from "../store/catalog.ts";
import { newDocument } from "../transaction/new-document.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { UserError } from "../transaction/user-error.ts";
import type { ConvexObject } from "../values/encoding.ts";
import { newInternalId, tryDecodeId } from "../values/id.ts";
import { ImportError } from "./import-error.ts";
import type { ImportedTable, ImportSource } from "./import-source.ts";
import type { ImportRow } from "./rows.ts";

export type ImportMode = "requireEmpty" | "append" | "replace" | "replaceAll";

/** A table that the import writes to. */
export interface PlannedTable {
  readonly source: ImportedTable | null;
  readonly component: string;
  readonly name: string;
  /** As it is now; undefined when there is none. */
  readonly present: Table | undefined;
  /** The number that its documents' ids have; null when they bring no ids. */
  readonly number: number | null;
  /** How many documents there are, and how many of them go. */
  readonly existing: number;
  readonly deleted: number;
  readonly added: number;
}

export interface ImportPlan {
  readonly tables: readonly PlannedTable[];
  /** How many files there are and go; null when the import has none and leaves them. */
  readonly storage: {
    readonly existing: number;
    readonly deleted: number;
    readonly added: number;
  } | null;
  /** Tables that get another number, since ids of theirs come in or theirs is wanted by others. */
  readonly renumbered: ReadonlyMap<Table, number>;
}

/** A document as it comes in. */
export interface IncomingDocument {
  readonly id: { readonly tableNumber: number; readonly internal: string } | null;
  readonly creationTime: number | null;
  readonly fields: ConvexObject;
}

/** Reads a row of a table. Throws an ImportError. */
export function incomingDocument({ line, value }: ImportRow): IncomingDocument {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ImportError(`Row ${line} wasn't an object`);
  }
  const invalid = (reason: string) =>
    new ImportError(`Row ${line} wasn't a valid Convex value: ${reason}`);
  let object: ConvexObject;
  try {
    object = jsonToConvex(value as JSONValue) as ConvexObject;
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
  const { _id: id, _creationTime: creationTime, ...fields } = object;
  const decoded = typeof id === "string" ? tryDecodeId(id) : null;
  if (id !== undefined && decoded === null) throw invalid("`_id` is not an ID");
  if (creationTime !== undefined && typeof creationTime !== "number") {
    throw invalid("`_creationTime` is not a number");
  }
  return { id: decoded, creationTime: creationTime ?? null, fields };
}

/** Reads and checks the whole import against what the transaction sees. Throws an ImportError. */
export async function planImport(
  source: ImportSource,
  mode: ImportMode,
  tx: Transaction,
): Promise<ImportPlan> {
  const numbers = await declaredNumbers(source);
  const tables: PlannedTable[] = [];
  for (const table of source.tables) {
    const declared = numbers.get(keyOf(table.component, table.name)) ?? null;
    tables.push(await planTable(table, declared, mode, tx));
  }
  if (mode === "replaceAll") {
    for (const present of userTables(tx)) {
      if (tables.some((table) => table.present === present)) continue;
      const existing = tx.count(present.component, present.name);
      const { component, name } = present;
      const gone = { source: null, component, name, present, number: null, existing };
      tables.push({ ...gone, deleted: existing, added: 0 });
    }
  }
  const renumbered = planNumbers(tables, tx);
  await checkDocuments(tables, renumbered, tx);
  return { tables, storage: planStorage(source, mode, tx), renumbered };
}

/** What a person is asked to confirm. */
export function describePlan({ tables, storage }: ImportPlan): string {
  const rows = [["table", "create", "delete"]];
  const add = (name: string, added: number, deleted: number, existing: number, unit: string) =>
    rows.push([name, count(added), `${count(deleted)} of ${count(existing)}${unit}`]);
  if (storage) add("_storage", storage.added, storage.deleted, storage.existing, " files");
  for (const { component, name, added, deleted, existing } of tables) {
    add(component === APP ? name : `${component}/${name}`, added, deleted, existing, "");
  }
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => row.map((cell, at) => `${cell.padEnd(widths[at]!)} |`).join(" "));
  lines.splice(1, 0, "-".repeat(lines[0]!.length));
  return ["Import change summary:", ...lines].join("\n");
}

/** Whether something is lost that was there before. */
export function isDestructive({ tables, storage }: ImportPlan): boolean {
  return (storage?.deleted ?? 0) > 0 || tables.some(({ deleted }) => deleted > 0);
}

/** The fields of a stored file's row. */
export function storageFields(saved: SavedFile, contentType: string | null): ConvexObject {
  const { uuid, sha256, size } = saved;
  return { uuid, sha256, size, ...(contentType !== null && { contentType }) };
}

function count(amount: number): string {
  return amount.toLocaleString("en-US");
}

function userTables(tx: Transaction): Table[] {
  return tx.tables.all().filter(({ number }) => number >= FIRST_USER_TABLE_NUMBER);
}

function keyOf(component: string, name: string): string {
  return `${component}\0${name}`;
}

async function declaredNumbers(source: ImportSource): Promise<Map<string, number>> {
  const numbers = new Map<string, number>();
  for (const table of source.numbers) {
    for await (const { line, value } of table.rows()) {
      const { name, id } = (value ?? {}) as { name?: unknown; id?: unknown };
      if (typeof name !== "string" || !Number.isInteger(id)) {
        throw new ImportError(`Row ${line} of _tables has no name and number of a table`);
      }
      numbers.set(keyOf(table.component, name), id as number);
    }
  }
  return numbers;
}

async function planTable(
  source: ImportedTable,
  declared: number | null,
  mode: ImportMode,
  tx: Transaction,
): Promise<PlannedTable> {
  const { component, name } = source;
  const present = tx.tables.table(component, name);
  let added = 0;
  let number = declared;
  for await (const row of source.rows()) {
    added++;
    const { id } = incomingDocument(row);
    if (id === null) continue;
    number ??= id.tableNumber;
    if (id.tableNumber !== number) {
      throw new ImportError(`Row ${row.line} of table \`${name}\` has an ID of another table`);
    }
  }
  const existing = present ? tx.count(component, name) : 0;
  if (mode === "requireEmpty" && existing > 0) {
    throw new ImportError(
      `Table ${name} already exists. Please choose a new table name or use replace/append modes.`,
    );
  }
  const deleted = mode === "append" ? 0 : existing;
  return { source, component, name, present, number, existing, deleted, added };
}

/** Frees the numbers that the incoming ids have. */
function planNumbers(tables: readonly PlannedTable[], tx: Transaction): Map<Table, number> {
  const renumbered = new Map<Table, number>();
  const taken = new Map<number, string>();
  for (const table of tables) {
    const { number, present, name } = table;
    if (number === null || number === present?.number) continue;
    const rival = taken.get(number);
    if (rival !== undefined) {
      throw new ImportError(`Tables \`${rival}\` and \`${name}\` have IDs of the same number`);
    }
    taken.set(number, name);
    if (present && table.existing > table.deleted) throw conflict(name, name);
    if (present) renumbered.set(present, number);
  }
  for (const [number, name] of taken) {
    const holder = tx.tables.byNumber(number);
    if (holder === undefined || renumbered.has(holder)) continue;
    if (number < FIRST_USER_TABLE_NUMBER) {
      throw new ImportError(
        `New table \`${name}\` has IDs that conflict with existing system table`,
      );
    }
    const planned = tables.find(({ present }) => present === holder);
    const left = planned
      ? planned.existing - planned.deleted
      : tx.count(holder.component, holder.name);
    if (left > 0) throw conflict(name, holder.name);
    // Without documents nobody knows its number: another will do.
    renumbered.set(holder, freshNumber(tx, taken));
  }
  return renumbered;
}

function freshNumber(tx: Transaction, taken: ReadonlyMap<number, string>): number {
  let number = tx.tables.newNumber();
  while (taken.has(number)) number = tx.tables.newNumber();
  return number;
}

function conflict(name: string, other: string): ImportError {
  return new ImportError(
    `New table \`${name}\` has IDs that conflict with existing table \`${other}\``,
  );
}

/** Everything that could be refused is refused here, before the first write. */
async function checkDocuments(
  tables: readonly PlannedTable[],
  renumbered: ReadonlyMap<Table, number>,
  tx: Transaction,
): Promise<void> {
  for (const { source, component, name, present, number, existing, deleted } of tables) {
    if (source === null) continue;
    const nameOf = tableNames(tables, renumbered, tx, component);
    const table = {
      ...(present ?? { indexes: [], searchIndexes: [], validator: null, component, name }),
      number: number ?? present?.number ?? FIRST_USER_TABLE_NUMBER,
    };
    const seen = new Set<string>();
    for await (const row of source.rows()) {
      const { id, creationTime, fields } = incomingDocument(row);
      const internal = id?.internal ?? newInternalId(0);
      try {
        const time = creationTime ?? Date.now();
        const doc = newDocument(table, internal, time, fields, { tableName: nameOf });
        if (id !== null && existing > deleted && tx.get(component, doc.id) !== null) {
          throw new ImportError(`Row ${row.line}: the ID ${doc.id} exists already in \`${name}\``);
        }
        if (seen.has(internal)) throw new ImportError(`Row ${row.line} repeats the ID ${doc.id}`);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        throw new ImportError(`Row ${row.line}: ${error.message}`);
      }
      if (id !== null) seen.add(internal);
    }
  }
}

/** The names that numbers will have after the import, for the validators of ids. */
function tableNames(
  tables: readonly PlannedTable[],
  renumbered: ReadonlyMap<Table, number>,
  tx: Transaction,
  component: string,
): (number: number) => string | null {
  const names = new Map<number, string>();
  for (const table of tx.tables.of(component)) {
    names.set(renumbered.get(table) ?? table.number, table.name);
  }
  for (const { component: owner, name, number } of tables) {
    if (owner === component && number !== null) names.set(number, name);
  }
  const present = tx.validationContext(component);
  return (number) =>
    number < FIRST_USER_TABLE_NUMBER ? present.tableName(number) : (names.get(number) ?? null);
}

function planStorage(
  source: ImportSource,
  mode: ImportMode,
  tx: Transaction,
): ImportPlan["storage"] {
  if (source.storage.length === 0 && mode !== "replaceAll") return null;
  const existing = tx.count(APP, "_storage");
  if (mode === "requireEmpty" && existing > 0) {
    throw new ImportError(
      "Table _storage already exists. Please choose a new table name or use replace/append modes.",
    );
  }
  for (const { id } of source.files) {
    if (tryDecodeId(id)?.tableNumber !== tx.tables.table(APP, STORAGE_TABLE.name)?.number) {
      throw new ImportError(
        `The file ${id} has an ID that no file of this deployment can have: it comes from another kind of deployment.`,
      );
    }
    if (mode === "append" && tx.get(APP, id) !== null) {
      throw new ImportError(`The file ${id} exists already`);
    }
  }
  const deleted = mode === "append" ? 0 : existing;
  return { existing, deleted, added: source.files.length };
}
