/**
 * Random programs against the naive oracle: every read, at every snapshot, gives what a filter and
 * a sort over all documents would give, and read sets tell exactly which commits matter.
 */
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Value } from "convex/values";
import type { Commit } from "../store/commit-log.ts";
import type { ConvexObject } from "../values/encoding.ts";
import { Database } from "./database.ts";
import { INDEXES, isInRange, runOracle, scanOracle, TABLES, toQueryJson } from "./oracle.ts";
import type { ModelQuery, World } from "./oracle.ts";
import { activateSchema, prepareSchema } from "./schema.ts";
import type { Transaction } from "./transaction.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "database-model-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const SCHEMA = JSON.stringify({
  schemaValidation: false,
  tables: TABLES.map((tableName) => ({
    tableName,
    indexes: Object.entries(INDEXES)
      .filter(([name]) => name !== "by_id" && name !== "by_creation_time")
      .map(([indexDescriptor, fields]) => ({ indexDescriptor, fields: fields.slice(0, -1) })),
    documentType: null,
  })),
});

const smallValue: fc.Arbitrary<Value | undefined> = fc.constantFrom<Value | undefined>(
  ...[undefined, null, 1n, 0, 1, 2, true, "", "a", "a\0", "ab", "é", [1], { x: 1 }],
);

const fields: fc.Arbitrary<ConvexObject> = fc
  .record({ a: smallValue, b: smallValue, nested: fc.option(fc.record({ c: smallValue })) })
  .map(({ nested, ...rest }) => (nested === null ? rest : { ...rest, nested }));

const query: fc.Arbitrary<ModelQuery> = fc
  .record({
    table: fc.constantFrom(...TABLES),
    index: fc.constantFrom(...Object.keys(INDEXES)),
    equals: fc.array(smallValue, { maxLength: 2 }),
    lower: fc.option(fc.record({ value: smallValue, inclusive: fc.boolean() })),
    upper: fc.option(fc.record({ value: smallValue, inclusive: fc.boolean() })),
    order: fc.constantFrom<"asc" | "desc">("asc", "desc"),
    filter: fc.option(fc.record({ value: smallValue })),
    limit: fc.option(fc.nat(4)),
  })
  .map((shape) => ({ ...shape, equals: shape.equals.slice(0, INDEXES[shape.index]!.length - 1) }));

type Write =
  | { kind: "insert"; table: string; fields: ConvexObject }
  | { kind: "patch" | "replace"; pick: number; fields: ConvexObject }
  | { kind: "delete"; pick: number }
  | { kind: "read"; query: ModelQuery }
  | { kind: "layer"; fails: boolean; writes: Write[] };

const write: fc.Arbitrary<Write> = fc.letrec<{ write: Write }>((tie) => ({
  write: fc.oneof(
    { maxDepth: 2 },
    fc.record({
      kind: fc.constant("insert" as const),
      table: fc.constantFrom(...TABLES),
      fields,
    }),
    fc.record({
      kind: fc.constantFrom("patch" as const, "replace" as const),
      pick: fc.nat(),
      fields,
    }),
    fc.record({ kind: fc.constant("delete" as const), pick: fc.nat() }),
    fc.record({ kind: fc.constant("read" as const), query }),
    fc.record({
      kind: fc.constant("layer" as const),
      fails: fc.boolean(),
      writes: fc.array(tie("write"), { maxLength: 4 }),
    }),
  ),
})).write;

type Step =
  | { kind: "mutation"; writes: Write[]; fails: boolean }
  | { kind: "query"; query: ModelQuery }
  | { kind: "openReader" | "closeReader" | "flush" | "reopen" }
  | { kind: "readAtReader"; pick: number; query: ModelQuery }
  | { kind: "page"; query: ModelQuery; pageSize: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("mutation" as const),
      writes: fc.array(write, { maxLength: 6 }),
      fails: fc.nat(5).map((chance) => chance === 0),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("query" as const), query }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        ...(["openReader", "openReader", "closeReader", "flush", "flush", "reopen"] as const),
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("readAtReader" as const), pick: fc.nat(), query }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("page" as const),
      query,
      pageSize: fc.integer({ min: 1, max: 4 }),
    }),
  },
);

/** A query that was run, to be held against the commits that follow. */
interface Watched {
  readonly query: ModelQuery;
  readonly reader: Transaction;
}

class Model {
  database: Database;
  /** The states by commit timestamp, oldest first. */
  readonly #history: { ts: bigint; world: World }[];
  readonly #file: string;
  #readers: Transaction[] = [];
  #watched: Watched[] = [];

  constructor(file: string, database: Database) {
    this.#file = file;
    this.database = database;
    this.#history = [{ ts: database.latestTs, world: new Map() }];
    this.#listen();
  }

  async run(next: Step): Promise<void> {
    switch (next.kind) {
      case "mutation":
        return this.#mutate(next.writes, next.fails);
      case "query":
        return this.#watch(next.query);
      case "flush":
        return this.database.write(() => {});
      case "reopen":
        return this.#reopen();
      case "openReader":
        this.#readers.push(this.database.beginRead());
        return;
      case "closeReader":
        this.#readers.shift()?.close();
        return;
      case "readAtReader":
        return this.#readAt(this.#readers[next.pick % this.#readers.length], next.query);
      case "page":
        return this.#page(next.query, next.pageSize);
    }
  }

  close(): void {
    for (const reader of this.#readers) reader.close();
    this.database.close();
  }

  async #mutate(writes: readonly Write[], fails: boolean): Promise<void> {
    await this.database.exclusive(() => {
      const transaction = this.database.beginWrite();
      const world = new Map(this.#history.at(-1)!.world);
      this.#write(transaction, world, writes);
      if (!fails) {
        const { ts } = this.database.commit(transaction);
        if (ts > this.#history.at(-1)!.ts) this.#history.push({ ts, world });
      }
      transaction.close();
    });
  }

  #write(
    transaction: Transaction,
    world: Map<string, { table: string; value: ConvexObject }>,
    writes: readonly Write[],
  ): void {
    for (const one of writes) {
      if (one.kind === "insert") {
        const id = transaction.insert("", one.table, one.fields);
        const _creationTime = transaction.get("", id)!.value["_creationTime"]!;
        world.set(id, {
          table: one.table,
          value: defined({ ...one.fields, _id: id, _creationTime }),
        });
      } else if (one.kind === "read") {
        expect(resultOf(transaction, one.query)).toEqual(runOracle(world, one.query));
      } else if (one.kind === "layer") {
        transaction.beginLayer();
        const inner = new Map(world);
        this.#write(transaction, inner, one.writes);
        if (one.fails) transaction.rollbackLayer();
        else transaction.commitLayer();
        if (!one.fails) replaceAll(world, inner);
      } else {
        const id = [...world.keys()][one.pick % world.size];
        if (id !== undefined) changeOne(transaction, world, id, one);
      }
    }
  }

  #watch(modelQuery: ModelQuery): void {
    const reader = this.database.beginRead();
    expect(resultOf(reader, modelQuery)).toEqual(runOracle(this.#worldAt(reader), modelQuery));
    this.#watched.push({ query: modelQuery, reader });
    reader.close();
  }

  #readAt(reader: Transaction | undefined, modelQuery: ModelQuery): void {
    if (!reader) return;
    expect(resultOf(reader, modelQuery)).toEqual(runOracle(this.#worldAt(reader), modelQuery));
    const ids = [...(this.#history.at(-1)?.world.keys() ?? [])].slice(0, 3);
    for (const id of ids) {
      expect(reader.get("", id)?.value).toEqual(this.#worldAt(reader).get(id)?.value);
    }
    for (const table of TABLES) {
      const world = [...this.#worldAt(reader).values()];
      expect(reader.count("", table)).toBe(world.filter((one) => one.table === table).length);
    }
  }

  #page(modelQuery: ModelQuery, pageSize: number): void {
    const paged = { ...modelQuery, limit: null };
    const reader = this.database.beginRead();
    const found: ConvexObject[] = [];
    let cursor: string | null = null;
    for (let isDone = false; !isDone;) {
      const options = { cursor, endCursor: null, pageSize };
      const page = reader.page("", toQueryJson(paged), options);
      const again = reader.page("", toQueryJson(paged), {
        ...options,
        endCursor: page.continueCursor,
      });
      expect(again.page.map((doc) => doc.id)).toEqual(page.page.map((doc) => doc.id));
      expect(page.page.length).toBeLessThanOrEqual(pageSize);
      found.push(...page.page.map((doc) => doc.value));
      ({ isDone, continueCursor: cursor } = page);
    }
    expect(found).toEqual(runOracle(this.#worldAt(reader), paged));
    reader.close();
  }

  #reopen(): void {
    for (const reader of this.#readers) reader.close();
    this.#readers = [];
    this.#watched = [];
    this.database.close();
    this.database = Database.open(this.#file, { systemTables: [] });
    this.#history.splice(0, this.#history.length - 1);
    expect(this.database.latestTs).toBe(this.#history[0]!.ts);
    this.#listen();
  }

  #worldAt(reader: Transaction): World {
    return this.#history.findLast(({ ts }) => ts <= reader.snapshotTs)!.world;
  }

  #listen(): void {
    this.database.onCommit((commit) => {
      for (const watched of this.#watched) this.#checkReadSet(watched, commit);
    });
  }

  /** A commit that changes a result touches its read set; one that writes outside of the range does not. */
  #checkReadSet({ query: modelQuery, reader }: Watched, commit: Commit): void {
    const at = this.#history.findIndex(({ ts }) => ts === commit.ts);
    if (at < 1 || commit.ts <= reader.snapshotTs) return;
    const before = this.#history[at - 1]!.world;
    const after = this.#history[at]!.world;
    const touches = reader.readSet.touches(commit.writes);
    const first = runOracle(this.#worldAt(reader), modelQuery);
    const isFresh =
      JSON.stringify(ids(first)) === JSON.stringify(ids(runOracle(before, modelQuery)));
    if (isFresh && !isEqual(runOracle(before, modelQuery), runOracle(after, modelQuery))) {
      expect(touches).toBe(true);
    }
    const isNear = [...before, ...after].some(
      ([id, { table, value }]) =>
        table === modelQuery.table &&
        before.get(id) !== after.get(id) &&
        isInRange(value, modelQuery),
    );
    if (!isNear) expect(touches).toBe(false);
    if (
      modelQuery.limit === null &&
      !isEqual(scanOracle(before, modelQuery), scanOracle(after, modelQuery))
    ) {
      expect(touches).toBe(true);
    }
  }
}

function changeOne(
  transaction: Transaction,
  world: Map<string, { table: string; value: ConvexObject }>,
  id: string,
  change: Write & { kind: "patch" | "replace" | "delete" },
): void {
  const { table, value } = world.get(id)!;
  const { _id, _creationTime } = value;
  if (change.kind === "delete") {
    expect(transaction.delete("", id).value).toEqual(value);
    world.delete(id);
  } else if (change.kind === "patch") {
    transaction.patch("", id, change.fields);
    world.set(id, { table, value: defined({ ...value, ...change.fields }) });
  } else {
    transaction.replace("", id, change.fields);
    world.set(id, { table, value: defined({ ...change.fields, _id, _creationTime }) });
  }
}

function resultOf(transaction: Transaction, modelQuery: ModelQuery): ConvexObject[] {
  const cursor = transaction.query("", toQueryJson(modelQuery));
  const found: ConvexObject[] = [];
  for (let doc = cursor.next(); doc; doc = cursor.next()) found.push(doc.value);
  return found;
}

function defined(object: ConvexObject): ConvexObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

function replaceAll<K, V>(target: Map<K, V>, source: ReadonlyMap<K, V>): void {
  target.clear();
  for (const [key, value] of source) target.set(key, value);
}

function ids(values: readonly ConvexObject[]): unknown[] {
  return values.map((value) => value["_id"]);
}

function isEqual(left: readonly ConvexObject[], right: readonly ConvexObject[]): boolean {
  const text = (values: readonly ConvexObject[]): string =>
    JSON.stringify(values, (_key, value: unknown) =>
      typeof value === "bigint" ? `${value}n` : value,
    );
  return text(left) === text(right);
}

let run = 0;

test("every read of a random program equals the oracle's, and read sets are sound and tight", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (program) => {
      const file = path.join(folder, `${run++}.sqlite`);
      const database = Database.open(file, { systemTables: [] });
      const schema = await prepareSchema(database, "", SCHEMA);
      await database.write((transaction) => activateSchema(transaction, schema));
      const model = new Model(file, database);
      try {
        for (const next of program) await model.run(next);
      } finally {
        model.close();
      }
    }),
    { numRuns: 150 },
  );
});
