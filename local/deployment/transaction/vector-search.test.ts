import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { JSONValue } from "convex/values";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ConvexObject } from "../values/encoding.ts";
import { Database } from "./database.ts";
import { activateSchema, prepareSchema } from "./schema.ts";
import { searchVectors } from "./vector-search.ts";
import type { VectorQueryJson } from "./vector-search.ts";

const APP = "";
const INDEX = {
  indexDescriptor: "near",
  vectorField: "at.vector",
  dimensions: 3,
  filterFields: ["owner", "kind"],
};

let folder: string;
let database: Database;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "parley-vectors-"));
  database = open();
  await useSchema([INDEX]);
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

function open(): Database {
  return Database.open(join(folder, "data.sqlite"), { systemTables: [] });
}

async function useSchema(vectorIndexes: readonly (typeof INDEX)[]): Promise<void> {
  const indexes = [{ indexDescriptor: "by_owner", fields: ["owner"] }];
  const tables = [{ tableName: "points", indexes, vectorIndexes, documentType: null }];
  const json = JSON.stringify({ tables, schemaValidation: false });
  const pending = await prepareSchema(database, APP, json);
  await database.write((tx) => activateSchema(tx, pending));
}

async function insert(...documents: ConvexObject[]): Promise<string[]> {
  return database.write((tx) => documents.map((fields) => tx.insert(APP, "points", fields)));
}

const point = (...vector: number[]): ConvexObject => ({ at: { vector } });

function near(query: Partial<VectorQueryJson> = {}): ReturnType<typeof searchVectors> {
  return searchVectors(database, APP, { indexName: "points.near", vector: [1, 0, 0], ...query });
}

const ids = async (query: Partial<VectorQueryJson> = {}) =>
  (await near(query)).map(({ _id }) => _id);

test("gives the nearest by cosine, whatever their length, and how near they are", async () => {
  const [far, nearest, middle] = await insert(point(-1, 0, 0), point(100, 0, 0), point(1, 1, 0));
  await insert(point(1, 0), point(0, 0, 0), { at: { vector: "none" } }, {});
  const found = await near({ limit: 2 });
  expect(found.map(({ _id }) => _id)).toEqual([nearest, middle]);
  expect(found[0]!._score).toBeCloseTo(1);
  expect(found[1]!._score).toBeCloseTo(Math.SQRT1_2);
  expect((await ids()).at(-1)).toBe(far);
});

test("follows changes and deletions, over a restart too", async () => {
  const [first, second] = await insert(point(1, 0, 0), point(0, 1, 0));
  await database.write((tx) => {
    tx.patch(APP, second!, point(1, 0.1, 0));
    tx.delete(APP, first!);
  });
  database.close();
  database = open();
  expect(await ids()).toEqual([second]);
  await database.write((tx) => tx.patch(APP, second!, { at: null }));
  expect(await ids()).toEqual([]);
});

test("a data file from before there were vectors is brought up to date", async () => {
  await useSchema([]);
  const [id] = await insert(point(1, 0, 0));
  database.close();
  const sqlite = new DatabaseSync(join(folder, "data.sqlite"));
  sqlite.exec("DROP TABLE vectors; DROP TABLE answers; PRAGMA user_version = 1");
  sqlite.close();
  database = open();
  await useSchema([INDEX]);
  expect(await ids()).toEqual([id]);
});

test("is built over what is there", async () => {
  await useSchema([]);
  const [, , wanted] = await insert(point(0, 1, 0), point(0, 0, 1), point(1, 0, 0));
  await expect(near()).rejects.toThrow("Index points.near not found.");
  await useSchema([INDEX]);
  expect(await ids({ limit: 1 })).toEqual([wanted]);
});

test("filters by any of several values of any filter fields", async () => {
  const [one, two, three] = await insert(
    { ...point(1, 0, 0), owner: "a", kind: 1 },
    { ...point(1, 0.1, 0), owner: "b" },
    { ...point(1, 0.2, 0), owner: "c", kind: null },
  );
  const equals = (field: string, value: string | number | null): JSONValue => ({
    $eq: [{ $field: field }, { $literal: value }],
  });
  expect(await ids({ expressions: equals("owner", "a") })).toEqual([one]);
  const either = {
    $or: [equals("owner", "b"), { $or: [equals("kind", null), equals("owner", "x")] }],
  };
  expect(await ids({ expressions: either })).toEqual([two, three]);
  await expect(near({ expressions: equals("size", 1) })).rejects.toThrow(
    'Vector query against points.near contains a filter on "size" but that field isn\'t indexed for filtering in `filterFields`.',
  );
  await expect(near({ expressions: { $not: equals("owner", "a") } })).rejects.toThrow(
    "Filters should be a combination of `q.eq` and `q.or`.",
  );
  const many = { $or: Array.from({ length: 65 }, (_, at) => equals("owner", at)) };
  await expect(near({ expressions: many })).rejects.toThrow(
    "Vector query against points.near has too many conditions. Max: 64 Actual: 65",
  );
});

test("what does not fit the index is refused in Convex's words", async () => {
  await expect(near({ vector: [1, 0] })).rejects.toThrow(
    "Expected a vector with dimensions 3, received 2.",
  );
  await expect(near({ limit: 257 })).rejects.toThrow(
    "Vector queries can fetch at most 256 results, requested 257.",
  );
  await expect(near({ limit: 0 })).rejects.toThrow("Invalid limit 0");
  await expect(near({ indexName: "points.by_owner" })).rejects.toThrow(
    "Index points.by_owner is not a vector index",
  );
});

test("gives ten unless asked, and goes through many portions", async () => {
  const points = Array.from({ length: 2_500 }, (_, at) => point(1, at, 0));
  const [first] = await insert(...points.slice(0, 1_250));
  await insert(...points.slice(1_250));
  const found = await ids();
  expect(found).toHaveLength(10);
  expect(found[0]).toBe(first);
  expect(await ids({ limit: 256 })).toHaveLength(256);
});
