import { expect, test } from "vitest";
import type { SchemaJson } from "../store/catalog-file.ts";
import { checkSchemaRules } from "./schema-rules.ts";

type TableJson = SchemaJson["tables"][number];

const check = (table: Partial<TableJson>) => () =>
  checkSchemaRules({
    tables: [{ tableName: "notes", indexes: [], ...table }],
    schemaValidation: true,
  });

const index = (indexDescriptor: string, ...fields: string[]) => ({ indexDescriptor, fields });
const search = (indexDescriptor: string, searchField: string, ...filterFields: string[]) => ({
  indexDescriptor,
  searchField,
  filterFields,
});
const vector = (indexDescriptor: string, vectorField: string, dimensions: number) => ({
  indexDescriptor,
  vectorField,
  dimensions,
  filterFields: [],
});
const names = (count: number) => Array.from({ length: count }, (_, at) => `f${at}`);

test("a schema within the limits passes", () => {
  const table = {
    indexes: [index("by_all", ...names(16), "_creationTime"), index("by_nested", "a.b.c")],
    searchIndexes: [search("find", "text", ...names(16))],
    vectorIndexes: [vector("near", "vector", 4_096), vector("small", "vector", 2)],
  };
  expect(check(table)).not.toThrow();
});

test.each<[Partial<TableJson>, string]>([
  [{ tableName: "_mine" }, "_mine is a reserved table name."],
  [{ tableName: "my-notes" }, 'Invalid table name: "my-notes".'],
  [
    { indexes: [index("by_id", "a")] },
    'cannot name an index "by_id" because the name is reserved.',
  ],
  [{ indexes: [index("by-a", "a")] }, 'Invalid index name: "by-a".'],
  [{ indexes: [index("one")] }, 'In table "notes" index "one" must have at least one field.'],
  [{ indexes: [index("one", ...names(17))] }, "Indexes may have up to 16 fields."],
  [{ indexes: [index("one", "a", "a")] }, 'Duplicate field "a".'],
  [{ indexes: [index("one", "_id")] }, "`_id` is not a valid index field."],
  [{ indexes: [index("one", "a..b")] }, 'In index "one": Invalid index field: "a..b"'],
  [
    { indexes: [index("one", "a"), index("two", "a")] },
    'In table "notes" index "one" and index "two" have the same fields.',
  ],
  [
    { indexes: [index("one", "a")], searchIndexes: [search("one", "b")] },
    'Table "notes" has two or more definitions of index "one".',
  ],
  [
    { indexes: names(65).map((name) => index(name, name)) },
    'Table "notes" cannot have more than 64 indexes.',
  ],
  [
    { searchIndexes: [search("one", "a", ...names(17))] },
    "Search indexes may have up to 16 filter fields.",
  ],
  [
    { searchIndexes: [search("one", "a", "b"), search("two", "a", "b")] },
    'search index "one" and search index "two" have the same `searchField`.',
  ],
  [{ vectorIndexes: [vector("one", "a", 1)] }, "Dimensions 1 must be between 2 and 4096."],
  [
    { vectorIndexes: [vector("one", "a", 3), vector("two", "a", 3)] },
    'vector index "one" and vector index "two" have the same `vectorField`.',
  ],
])("%j is refused", (table, message) => {
  expect(check(table)).toThrow(message);
});

test("a deployment has at most 10,000 tables", () => {
  const tables = names(10_001).map((tableName) => ({ tableName, indexes: [] }));
  expect(() => checkSchemaRules({ tables, schemaValidation: false })).toThrow(
    "Number of tables cannot exceed 10000.",
  );
});
