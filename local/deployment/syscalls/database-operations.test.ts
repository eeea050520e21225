import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JSONValue } from "convex/values";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Database } from "../transaction/database.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { DatabaseOperations, type Journal } from "./database-operations.ts";

let folder: string;
let database: Database;
let tx: Transaction;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-database-operations-"));
  database = Database.open(join(folder, "data.sqlite"), { systemTables: [] });
  tx = database.beginWrite();
  for (let rank = 0; rank < 3; rank++) tx.insert("", "notes", { rank });
});

afterEach(() => {
  tx.close();
  database.close();
  rmSync(folder, { recursive: true });
});

/** Reads a page of all notes, as a function of its own would. */
function page(options: Record<string, JSONValue>, journal: Journal | null = null) {
  const operations = new DatabaseOperations({ tx, componentPath: "", journal });
  const query = { source: { type: "FullTableScan", tableName: "notes", order: null } };
  return DatabaseOperations.reading["1.0/queryPage"]!(operations, {
    query: { ...query, operators: [] },
    cursor: null,
    pageSize: 2,
    ...options,
  });
}

const AT_LEAST_ONE = "Must request at least 1 document while paginating";
const ABOVE_ZERO = "maximumRowsRead and maximumBytesRead must be greater than 0";

test.each<[Record<string, JSONValue>, string]>([
  [{ pageSize: 0 }, AT_LEAST_ONE],
  [{ pageSize: 32_001 }, "Requested too many items: 32001"],
  [{ maximumRowsRead: 0 }, ABOVE_ZERO],
  [{ maximumBytesRead: 0 }, ABOVE_ZERO],
  [{ pageSize: 1.5 }, "Invalid argument `pageSize`"],
  [{ maximumRowsRead: -1 }, "Invalid argument `maximumRowsRead`"],
])("a page of %j is refused", (options, message) => {
  expect(() => page(options)).toThrow(message);
});

test("a page may be as large as what a transaction may read", () => {
  expect(page({ pageSize: 32_000 })).toContain('"isDone":true');
});

test.each(["{not json", "null", "[]x"])("the journal %s is refused as a cursor is", (previous) => {
  expect(() => page({}, { previous, next: null })).toThrow("InvalidCursor");
});

test("a page ends again where its journal says", () => {
  const journal: Journal = { previous: null, next: null };
  page({ pageSize: 2 }, journal);
  const again = page({ pageSize: 1 }, { previous: journal.next, next: null });
  expect(JSON.parse(again)).toMatchObject({ page: [{ rank: 0 }, { rank: 1 }] });
});
