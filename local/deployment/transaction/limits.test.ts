import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Value } from "convex/values";
import { Database } from "./database.ts";
import { Meter } from "./limits.ts";
import type { Transaction } from "./transaction.ts";

const MIB = 1_024 ** 2;

let folder: string;
let database: Database;
let tx: Transaction;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-limits-"));
  database = Database.open(join(folder, "data.sqlite"), { systemTables: [] });
  tx = database.beginWrite();
});

afterEach(() => {
  tx.close();
  database.close();
  rmSync(folder, { recursive: true });
});

const insert = (fields: Record<string, Value>) => tx.insert("", "notes", fields);

function nested(levels: number): Value {
  return levels === 0 ? "x" : [nested(levels - 1)];
}

test("a document has at most 1 MiB", () => {
  insert({ text: "x".repeat(MIB - 200) });
  expect(() => insert({ text: "x".repeat(1.5 * MIB) })).toThrow(
    "Value is too large (1.50 MiB > maximum size 1 MiB)",
  );
});

test("a document is nested at most 16 levels deep", () => {
  insert({ deep: nested(15) });
  expect(() => insert({ deep: nested(16) })).toThrow(
    "Document is too nested (nested 17 levels deep > maximum nesting 16)",
  );
});

test("a document's arrays and objects are bounded", () => {
  expect(() => insert({ list: Array.from({ length: 8_193 }, () => 1) })).toThrow(
    "Array length is too long (8193 > maximum length 8192)",
  );
  const fields = Object.fromEntries(Array.from({ length: 1_025 }, (_, at) => [`f${at}`, at]));
  expect(() => insert({ map: fields })).toThrow(
    "Object has too many fields (1025 > maximum number 1024)",
  );
});

test("fields of a document do not begin with an underscore", () => {
  expect(() => insert({ _mine: 1 })).toThrow(
    "Field '_mine' starts with an underscore, which is only allowed for system fields like '_id'",
  );
});

test("tables are named with letters, digits and underscores", () => {
  expect(() => tx.insert("", "my notes", {})).toThrow('Invalid table name: "my notes".');
  expect(() => tx.insert("", `n${"x".repeat(64)}`, {})).toThrow("Invalid table name");
});

test("a refused write leaves nothing behind", () => {
  expect(() => insert({ text: "x".repeat(2 * MIB) })).toThrow("too large");
  expect(tx.stagedCommit().changes.size).toBe(0);
});

const READ_LESS =
  "Consider using smaller limits in your queries, paginating your queries, or using indexed queries with a selective index range expressions.";

test.each<[string, (meter: Meter) => void, number, string]>([
  [
    "documents read",
    (meter) => meter.countRead(1),
    32_000,
    `Too many documents read in a single function execution (limit: 32000). ${READ_LESS}`,
  ],
  [
    "bytes read",
    (meter) => meter.countRead(MIB),
    16,
    `Too many bytes read in a single function execution (limit: 16777216 bytes). ${READ_LESS}`,
  ],
  [
    "documents written",
    (meter) => meter.countWrite(1),
    16_000,
    "Too many writes in a single function execution (limit: 16000)",
  ],
  [
    "bytes written",
    (meter) => meter.countWrite(MIB),
    16,
    "Too many bytes written in a single function execution (limit: 16 MiB)",
  ],
  [
    "index ranges",
    (meter) => meter.countQuery(),
    4_096,
    `Too many reads in a single function execution (limit: 4096). ${READ_LESS}`,
  ],
  [
    "functions scheduled",
    (meter) => meter.countScheduled(1),
    1_000,
    "Too many functions scheduled by this mutation (limit: 1000)",
  ],
  [
    "bytes of scheduled functions' arguments",
    (meter) => meter.countScheduled(4 * MIB),
    4,
    "Too large total size of the arguments of scheduled functions from this mutation (limit: 16777216 bytes)",
  ],
])("one transaction may use so many %s and not one more", (_what, use, limit, message) => {
  const meter = new Meter();
  for (let times = 0; times < limit; times++) use(meter);
  expect(() => use(meter)).toThrow(message);
});

test("one scheduled function takes at most 4 MiB", () => {
  expect(() => new Meter().countScheduled(4 * MIB + 1)).toThrow("limit: 4 MiB");
});
