import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FileStorage } from "../files/file-storage.ts";
import { STORAGE_TABLE } from "../files/tables.ts";
import { pushTables } from "../push/tables.ts";
import { Database } from "../transaction/database.ts";
import { activateSchema, prepareSchema } from "../transaction/schema.ts";
import { encodeId } from "../values/id.ts";
import { ImportError } from "./import-error.ts";
import type { ImportMode } from "./import-plan.ts";
import { runImport } from "./import-run.ts";
import type { ImportedTable } from "./import-source.ts";

let folder: string;
let database: Database;
let files: FileStorage;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-import-"));
  database = open();
  files = new FileStorage(join(folder, "files"), () => "http://here", "secret");
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

function open(): Database {
  const systemTables = [...pushTables, STORAGE_TABLE];
  return Database.open(join(folder, "data.sqlite"), { systemTables });
}

async function useSchema(...names: string[]): Promise<void> {
  const tables = names.map((tableName) => ({
    tableName,
    indexes: [{ indexDescriptor: "by_text", fields: ["text"] }],
    documentType: null,
  }));
  const json = JSON.stringify({ tables, schemaValidation: false });
  const pending = await prepareSchema(database, "", json);
  await database.write((tx) => activateSchema(tx, pending));
}

const idIn = (number: number, letter: string) => encodeId(number, letter.repeat(16));

function table(name: string, rows: readonly unknown[], component = ""): ImportedTable {
  return {
    component,
    name,
    // eslint-disable-next-line typescript/require-await
    rows: async function* () {
      for (const [at, value] of rows.entries()) yield { line: at + 1, value };
    },
  };
}

function importTables(mode: ImportMode, tables: ImportedTable[], numbers: unknown[] = []) {
  const source = {
    tables,
    numbers: [table("_tables", numbers)],
    storage: [],
    files: [],
    close: () => {},
  };
  return runImport(database, files, source, mode);
}

function texts(name: string, component = ""): unknown[] {
  const tx = database.beginRead();
  try {
    const source = { type: "FullTableScan", tableName: name, order: "asc" } as const;
    const cursor = tx.query(component, { source, operators: [] });
    const found: unknown[] = [];
    for (let doc = cursor.next(); doc !== null; doc = cursor.next()) {
      found.push([doc.id, doc.value["text"]]);
    }
    return found;
  } finally {
    tx.close();
  }
}

const numberOf = (name: string) => database.catalog.table("", name)!.number;

test("tables exchange their numbers, and one that is in the way takes another", async () => {
  await useSchema("one", "two", "three");
  const [one, two] = [numberOf("one"), numberOf("two")];
  const documents = [
    table("one", [{ _id: idIn(two, "a"), text: "1" }]),
    table("two", [{ _id: idIn(numberOf("three"), "b"), text: "2" }]),
  ];
  expect(await importTables("requireEmpty", documents)).toBe(2);
  expect(texts("one")).toEqual([[idIn(two, "a"), "1"]]);
  expect(texts("two")).toEqual([[idIn(numberOf("two"), "b"), "2"]]);
  expect(new Set([numberOf("one"), numberOf("two"), numberOf("three")]).size).toBe(3);
  expect(one).not.toBe(numberOf("one"));
  database.close();
  database = open();
  expect(texts("one")).toEqual([[idIn(two, "a"), "1"]]);
  await database.write((tx) => tx.insert("", "three", { text: "3" }));
  expect(texts("three")).toHaveLength(1);
});

test("documents whose ids another table's documents have are refused", async () => {
  await useSchema("one", "two");
  await database.write((tx) => tx.insert("", "two", { text: "here" }));
  const clash = table("one", [{ _id: idIn(numberOf("two"), "a"), text: "1" }]);
  await expect(importTables("append", [clash])).rejects.toThrow(
    "New table `one` has IDs that conflict with existing table `two`",
  );
  expect(texts("one")).toEqual([]);
});

test("appending keeps what is there and refuses an id twice", async () => {
  await useSchema("one");
  const number = numberOf("one");
  const rows = (letter: string) => [table("one", [{ _id: idIn(number, letter), text: letter }])];
  await importTables("append", rows("a"));
  await importTables("append", rows("b"));
  await expect(importTables("append", rows("a"))).rejects.toThrow("exists already");
  const twice = table(
    "one",
    [...Array(2).keys()].map(() => ({ _id: idIn(number, "c") })),
  );
  await expect(importTables("append", [twice])).rejects.toThrow("Row 2 repeats the ID");
  expect(texts("one")).toHaveLength(2);
});

test("creation times are kept, and ids and times are made where there are none", async () => {
  await importTables("append", [
    table("fresh", [
      { text: "second", _creationTime: 2 },
      { text: "first", _creationTime: 1 },
      { text: "third" },
    ]),
  ]);
  expect(texts("fresh").map((row) => (row as unknown[])[1])).toEqual(["first", "second", "third"]);
});

test("a component's tables come in under its path, with the number that they are said to have", async () => {
  const rows = [table("inner", [{ text: "x" }], "counter/shards")];
  await importTables("requireEmpty", rows, [{ name: "other", id: 12_345 }]);
  expect(texts("inner", "counter/shards")).toHaveLength(1);
  expect(texts("inner")).toEqual([]);
});

test.each<[unknown, string]>([
  [[1], "Row 1 wasn't an object"],
  [{ _id: "nonsense" }, "Row 1 wasn't a valid Convex value: `_id` is not an ID"],
  [{ _creationTime: "soon" }, "`_creationTime` is not a number"],
  [{ value: { $wrong: 1 } }, "Row 1 wasn't a valid Convex value"],
  [{ _mine: 1 }, "Row 1: Field '_mine' starts with an underscore"],
  [{ text: "x".repeat(2_000_000) }, "Row 1: Value is too large"],
])("row %# is refused with a reason", async (row, message) => {
  const refused = importTables("append", [table("one", [row])]);
  await expect(refused).rejects.toThrow(ImportError);
  await expect(refused).rejects.toThrow(message);
});

test("nobody sees half an import, and one that is cut off never was", async () => {
  await useSchema("one");
  await database.write((tx) => tx.insert("", "one", { text: "old" }));
  const before = texts("one");
  const rows = Array.from({ length: 3_500 }, (_, at) => ({ text: `${at}` }));
  const seen: unknown[][] = [];
  const slow: ImportedTable = {
    ...table("one", []),
    rows: async function* () {
      for (const [at, value] of rows.entries()) {
        if (at % 1_000 === 999) {
          await new Promise((resolve) => setImmediate(resolve));
          seen.push(texts("one"));
        }
        yield { line: at + 1, value };
      }
    },
  };
  await importTables("replace", [slow]);
  expect(texts("one")).toHaveLength(3_500);
  expect(seen.length).toBeGreaterThan(6);
  expect(seen.every((state) => state.length === before.length)).toBe(true);

  let reads = 0;
  const cutOff: ImportedTable = {
    ...table("one", []),
    rows: async function* () {
      reads++;
      for (const [at, value] of rows.entries()) {
        // The fifth time through is the one that writes.
        if (reads === 5 && at === 2_500) database.close();
        yield { line: at + 1, value };
      }
    },
  };
  await expect(importTables("replace", [cutOff])).rejects.toThrow();
  expect(reads).toBe(5);
  database = open();
  expect(texts("one")).toHaveLength(3_500);
  const text = (texts("one")[0] as unknown[])[1];
  expect(text).toBe("0");
});
