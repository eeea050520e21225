import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newInternalId } from "../values/id.ts";
import { Database } from "./database.ts";
import type { RangeExpression } from "./index-range.ts";
import type { Transaction } from "./transaction.ts";

const TIME = 1_700_000_000_000;
const folder = mkdtempSync(join(tmpdir(), "parley-ranges-"));
const database = Database.open(join(folder, "data.sqlite"), { systemTables: [] });
let tx: Transaction;
let ids: string[];

beforeAll(() => {
  tx = database.beginWrite();
  tx.insert("", "notes", { text: "of another moment" });
  const table = tx.tables.table("", "notes")!;
  // Of one moment, as an import may bring them: only their ids tell them apart.
  for (const text of ["one", "two", "three", "four"]) {
    tx.restore(table, newInternalId(Math.random() * 1e12), TIME, { text });
  }
  ids = find(eq("_creationTime", TIME)).toSorted();
});

afterAll(() => {
  tx.close();
  database.close();
  rmSync(folder, { recursive: true });
});

function find(...range: RangeExpression[]): string[] {
  const source = {
    type: "IndexRange",
    indexName: "notes.by_creation_time",
    range,
    order: "asc",
  } as const;
  const cursor = tx.query("", { source, operators: [] });
  const found: string[] = [];
  for (let doc = cursor.next(); doc !== null; doc = cursor.next()) found.push(doc.id);
  return found;
}

const eq = (fieldPath: string, value: string | number) =>
  ({ type: "Eq", fieldPath, value }) satisfies RangeExpression;
const atTime = (type: RangeExpression["type"], id: string) =>
  find(eq("_creationTime", TIME), { type, fieldPath: "_id", value: id });

test("a range goes on with `_id` after the fields of its index", () => {
  for (const [at, id] of ids.entries()) {
    expect(atTime("Eq", id)).toEqual([id]);
    expect(atTime("Gt", id)).toEqual(ids.slice(at + 1));
    expect(atTime("Gte", id)).toEqual(ids.slice(at));
    expect(atTime("Lt", id)).toEqual(ids.slice(0, at));
    expect(atTime("Lte", id)).toEqual(ids.slice(0, at + 1));
  }
});

test("a range that names `_id` without the fields before it, or what is no id, is refused", () => {
  expect(() => find(eq("_id", ids[0]!))).toThrow("First incorrect field: _id");
  expect(() => atTime("Gt", "nothing")).toThrow("which is no id of its table");
});
