import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { JSONValue } from "convex/values";
import { afterEach, beforeEach, expect, test } from "vitest";
import { wordsOf } from "../store/search-entry.ts";
import type { ConvexObject } from "../values/encoding.ts";
import { Database } from "./database.ts";
import type { QueryJson } from "./query.ts";
import { activateSchema, prepareSchema } from "./schema.ts";
import type { Transaction } from "./transaction.ts";

const APP = "";
const TEXT_INDEX = {
  indexDescriptor: "search_body",
  searchField: "body",
  filterFields: ["channel", "at.place"],
};

let folder: string;
let database: Database;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "parley-search-"));
  database = open();
  await useSchema([TEXT_INDEX]);
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

function open(): Database {
  return Database.open(join(folder, "data.sqlite"), { systemTables: [] });
}

async function useSchema(searchIndexes: readonly (typeof TEXT_INDEX)[]): Promise<void> {
  const tables = [{ tableName: "messages", indexes: [], searchIndexes, documentType: null }];
  const json = JSON.stringify({ tables, schemaValidation: false });
  const pending = await prepareSchema(database, APP, json);
  await database.write((tx) => activateSchema(tx, pending));
}

function search(text: string, filters: Record<string, JSONValue> = {}, limit?: number): QueryJson {
  return {
    source: {
      type: "Search",
      indexName: "messages.search_body",
      filters: [
        { type: "Search", fieldPath: "body", value: text },
        ...Object.entries(filters).map(([fieldPath, value]) => ({
          type: "Eq" as const,
          fieldPath,
          value,
        })),
      ],
    },
    operators: limit === undefined ? [] : [{ limit }],
  };
}

function bodies(tx: Transaction, query: QueryJson): string[] {
  const cursor = tx.query(APP, query);
  const found: string[] = [];
  for (let doc = cursor.next(); doc !== null; doc = cursor.next()) {
    found.push(doc.value["body"] as string);
  }
  return found;
}

function find(...query: Parameters<typeof search>): string[] {
  const tx = database.beginRead();
  try {
    return bodies(tx, search(...query));
  } finally {
    tx.close();
  }
}

async function insert(...documents: ConvexObject[]): Promise<string[]> {
  return database.write((tx) => documents.map((fields) => tx.insert(APP, "messages", fields)));
}

const said = (...texts: string[]): ConvexObject[] => texts.map((body) => ({ body }));

test("finds whole words in any case, and what the last word begins", async () => {
  await insert(...said("Send a REQUEST", "a rabbit", "nothing", "Ärger-mit_élan"));
  expect(find("r").sort()).toEqual(["Send a REQUEST", "a rabbit"]);
  expect(find("r a").sort()).toEqual(["Send a REQUEST", "a rabbit"]);
  expect(find("RABBIT!")).toEqual(["a rabbit"]);
  expect(find("rab bit")).toEqual([]);
  expect(find("ärger")).toEqual(["Ärger-mit_élan"]);
  expect(find("élan")).toEqual(["Ärger-mit_élan"]);
  expect(find("  ?! ")).toEqual([]);
  expect(find('" OR * NEAR( ^')).toEqual([]);
});

test("puts more and rarer words first, whole words before beginnings, and the newest of equals", async () => {
  await insert(
    ...said(
      "green apple",
      "red apple",
      "green pear",
      "applesauce",
      "apple",
      "long apple story told",
    ),
    ...said("plum one", "plum one", ...Array.from({ length: 20 }, (_, at) => `filler ${at}`)),
  );
  expect(find("green apple")[0]).toBe("green apple");
  expect(find("apple")[0]).toBe("apple");
  expect(find("apple").at(-1)).toBe("applesauce");
  const [newest] = await insert({ body: "plum one", mark: "newest" });
  const tx = database.beginRead();
  expect(tx.query(APP, search("plum")).next()!.id).toBe(newest);
  tx.close();
});

test("filters by any value of nested and missing fields", async () => {
  await insert(
    { body: "hi one", channel: "general", at: { place: 1 } },
    { body: "hi two", channel: "general", at: { place: 2n } },
    { body: "hi three", channel: null },
    { body: "hi four" },
  );
  expect(find("hi", { channel: "general" })).toHaveLength(2);
  expect(find("hi", { channel: "general", "at.place": 1 })).toEqual(["hi one"]);
  expect(find("hi", { channel: null })).toEqual(["hi three"]);
  expect(find("hi", { channel: { $undefined: null } })).toEqual(["hi four"]);
  expect(find("hi", { channel: "other" })).toEqual([]);
});

test("a mutation finds what it has written, and no more what it took back", async () => {
  const [first] = await insert(...said("old words", "other words"));
  const tx = database.beginWrite();
  tx.patch(APP, first!, { body: "fresh words" });
  tx.insert(APP, "messages", { body: "words words words" });
  expect(bodies(tx, search("words"))).toEqual(["words words words", "other words", "fresh words"]);
  expect(bodies(tx, search("old"))).toEqual([]);
  tx.beginLayer();
  tx.delete(APP, first!);
  expect(bodies(tx, search("fresh"))).toEqual([]);
  tx.rollbackLayer();
  expect(bodies(tx, search("fresh"))).toEqual(["fresh words"]);
  tx.close();
  expect(find("fresh")).toEqual([]);
  expect(find("old")).toEqual(["old words"]);
});

test("a query finds what its snapshot holds, whatever was written since", async () => {
  const [id] = await insert(...said("first state"));
  const tx = database.beginRead();
  await database.write((writer) => {
    writer.patch(APP, id!, { body: "second state" });
    writer.insert(APP, "messages", { body: "new state" });
  });
  expect(bodies(tx, search("state"))).toEqual(["first state"]);
  tx.close();
  expect(find("state").sort()).toEqual(["new state", "second state"]);
});

test("a change concerns the searches whose filter it meets, and no others", async () => {
  const [id] = await insert({ body: "hello", channel: "a" }, { body: "hello", channel: "b" });
  const watch = (filters: Record<string, JSONValue>) => {
    const tx = database.beginRead();
    bodies(tx, search("hello", filters));
    tx.close();
    return tx.readSet;
  };
  const searches = [
    watch({}),
    watch({ channel: "a" }),
    watch({ channel: "b" }),
    watch({ channel: "c" }),
  ];
  const touched: boolean[][] = [];
  database.onCommit(({ writes }) => touched.push(searches.map((reads) => reads.touches(writes))));
  await database.write((tx) => tx.patch(APP, id!, { channel: "c" }));
  expect(touched).toEqual([[true, true, false, true]]);
});

test("an index is built over what is there, kept over a restart, and dropped", async () => {
  await useSchema([]);
  await insert(...said(...Array.from({ length: 1_200 }, (_, at) => `number ${at}`)));
  expect(() => find("number")).toThrow("Index messages.search_body not found.");
  await useSchema([TEXT_INDEX]);
  expect(find("1199")).toEqual(["number 1199"]);
  database.close();
  database = open();
  expect(find("1199")).toEqual(["number 1199"]);
  await insert(...said("number 5000"));
  expect(find("5000")).toEqual(["number 5000"]);
  await useSchema([]);
  expect(() => find("number")).toThrow("not found");
});

test("a search may go through 1,024 results", async () => {
  await insert(...said(...Array.from({ length: 1_100 }, (_, at) => `many ${at}`)));
  expect(find("many", {}, 1_024)).toHaveLength(1_024);
  expect(() => find("many")).toThrow(
    "Search query scanned too many documents (fetched 1024). Consider using a smaller limit, paginating the query, or using a filter field to limit the number of documents pulled from the search index.",
  );
});

test("pages share out the results", async () => {
  await insert(...said(...Array.from({ length: 25 }, (_, at) => `page ${at}`)));
  const tx = database.beginRead();
  const whole = bodies(tx, search("page"));
  const paged: unknown[] = [];
  let cursor: string | null = null;
  for (let isDone = false; !isDone;) {
    const page = tx.page(APP, search("page"), { cursor, endCursor: null, pageSize: 7 });
    paged.push(...page.page.map((doc) => doc.value["body"]));
    ({ isDone, continueCursor: cursor } = page);
  }
  tx.close();
  expect(paged).toEqual(whole);
});

test("a search that does not fit its index is refused in Convex's words", () => {
  const withFilters = (filters: { type: "Search" | "Eq"; fieldPath: string; value: string }[]) => {
    const tx = database.beginRead();
    try {
      const source = { type: "Search", indexName: "messages.search_body", filters } as const;
      return () => tx.query(APP, { source, operators: [] });
    } finally {
      setImmediate(() => tx.close());
    }
  };
  const body = { type: "Search", fieldPath: "body", value: "x" } as const;
  const channel = { type: "Eq", fieldPath: "channel", value: "x" } as const;
  expect(withFilters([body, { ...channel, fieldPath: "size" }])).toThrow(
    'Search query against messages.search_body contains an equality filter on "size" but that field isn\'t indexed for filtering in `filterFields`.',
  );
  expect(withFilters([{ ...body, fieldPath: "title" }])).toThrow(
    'contains a search filter against "title", which doesn\'t match the indexed `searchField` "body".',
  );
  expect(withFilters([body, body])).toThrow(
    'multiple search filters against "body". Only one is allowed.',
  );
  expect(withFilters([channel])).toThrow("does not contain any search filters.");
  expect(withFilters([body, ...Array.from({ length: 9 }, () => channel)])).toThrow(
    "has too many filter conditions. Max: 8 Actual: 9",
  );
});

test("words are letters and digits, at most 32 bytes of them", () => {
  expect(wordsOf("It's 3rd-rate: a_b ÑANDÚ 東京タワー")).toEqual([
    "it",
    "s",
    "3rd",
    "rate",
    "a",
    "b",
    "ñandú",
    "東京タワー",
  ]);
  expect(wordsOf(`${"a".repeat(32)} ${"b".repeat(33)} ${"é".repeat(17)}`)).toEqual([
    "a".repeat(32),
  ]);
});

test("any history gives what a plain reading of the same snapshot gives", async () => {
  const word = fc.constantFrom("red", "redder", "blue", "bl", "green", "Gre", "x");
  const text = fc.array(word, { maxLength: 4 }).map((words) => words.join(" "));
  const channel = fc.constantFrom("a", "b");
  const step = fc.record({ at: fc.nat(9), body: text, channel, remove: fc.boolean() });
  const history = fc.array(fc.array(step, { maxLength: 4 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(history, text, fc.option(channel), async (commits, query, filter) => {
      const ids: string[] = [];
      const change = (tx: Transaction, steps: (typeof commits)[number]) => {
        for (const { at, body, channel: to, remove } of steps) {
          const id = ids[at % Math.max(ids.length, 1)];
          if (id === undefined || tx.get(APP, id) === null || at > 6) {
            ids.push(tx.insert(APP, "messages", { body, channel: to }));
          } else if (remove) tx.delete(APP, id);
          else tx.patch(APP, id, { body, channel: to });
        }
      };
      const snapshots: Transaction[] = [];
      for (const steps of commits) {
        snapshots.push(database.beginRead());
        await database.write((tx) => change(tx, steps));
      }
      const writer = database.beginWrite();
      change(writer, commits[0]!);
      snapshots.push(writer);
      for (const tx of snapshots) {
        const wanted = plainSearch(tx, query, filter);
        expect(
          bodies(tx, search(query, filter === null ? {} : { channel: filter })).sort(),
        ).toEqual(wanted);
        tx.close();
      }
      await database.write((tx) => {
        for (const id of ids) if (tx.get(APP, id)) tx.delete(APP, id);
      });
    }),
    { numRuns: 40 },
  );
});

function plainSearch(tx: Transaction, query: string, channel: string | null): string[] {
  const words = wordsOf(query);
  const source = { type: "FullTableScan", tableName: "messages", order: null } as const;
  const cursor = tx.query(APP, { source, operators: [] });
  const found: string[] = [];
  for (let doc = cursor.next(); doc !== null; doc = cursor.next()) {
    const own = wordsOf(doc.value["body"] as string);
    const last = words.at(-1);
    const matches = own.some(
      (word) => words.includes(word) || (last !== undefined && word.startsWith(last)),
    );
    if (matches && (channel === null || doc.value["channel"] === channel)) {
      found.push(doc.value["body"] as string);
    }
  }
  return found.sort();
}
