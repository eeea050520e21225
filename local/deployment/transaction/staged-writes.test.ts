import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Database } from "./database.ts";
import type { Transaction } from "./transaction.ts";

let folder: string;
let database: Database;
let tx: Transaction;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "parley-staged-"));
  database = Database.open(join(folder, "data.sqlite"), { systemTables: [] });
  await database.write((first) => first.insert("", "notes", { text: "there before" }));
  tx = database.beginWrite();
});

afterEach(() => {
  tx.close();
  database.close();
  rmSync(folder, { recursive: true });
});

const insert = (text: string) => tx.insert("", "notes", { text });

const ALL = {
  source: { type: "FullTableScan", tableName: "notes", order: "asc" },
  operators: [],
} as const;

function texts(): unknown[] {
  const cursor = tx.query("", ALL);
  const found = [];
  for (let doc = cursor.next(); doc !== null; doc = cursor.next()) found.push(doc.value["text"]);
  return found;
}

test("what is written and taken away again is no change", () => {
  tx.delete("", insert("for a moment"));
  tx.beginLayer();
  insert("in a layer");
  tx.rollbackLayer();
  expect(tx.stagedCommit().changes.size).toBe(0);
  expect(database.commit(tx).ts).toBe(database.durableTs);
});

test("a scan sees each write, before and after it first looks, and none that was taken back", () => {
  const first = insert("first");
  expect(texts()).toEqual(["there before", "first"]);
  tx.patch("", first, { text: "first, changed" });
  tx.beginLayer();
  tx.delete("", first);
  insert("second");
  expect(texts()).toEqual(["there before", "second"]);
  tx.rollbackLayer();
  expect(texts()).toEqual(["there before", "first, changed"]);
  insert("third");
  tx.delete("", first);
  expect(texts()).toEqual(["there before", "third"]);
});
