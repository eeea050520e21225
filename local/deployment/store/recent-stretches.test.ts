import fc from "fast-check";
import { expect, test } from "vitest";
import { RecentStretches } from "./recent-stretches.ts";
import type { Entry } from "./recent-stretches.ts";
import type { KeyRange, Order } from "./rows.ts";

const INDEX = 1;

/** An index as the data file has it, and what is remembered of it. */
class World {
  readonly #stored = new Map<string, number>();
  readonly #recent = new RecentStretches();
  hits = 0;

  insert(key: string, row: number): void {
    this.#stored.set(key, row);
    this.#recent.insert(INDEX, key, row);
  }

  delete(key: string): void {
    this.#stored.delete(key);
    this.#recent.delete(INDEX, key);
  }

  read(range: KeyRange, order: Order, limit: number): void {
    const stored = [...this.#stored]
      .filter(([key]) => key >= range.lower && key < range.upper)
      .sort(([a], [b]) => (a < b === (order === "asc") ? -1 : 1))
      .slice(0, limit);
    const found = this.#recent.find(INDEX, range, order, limit);
    if (found !== null) {
      this.hits++;
      expect(found).toEqual(stored);
      return;
    }
    const last = stored.length < limit ? undefined : stored.at(-1)?.[0];
    let { lower, upper } = range;
    if (last !== undefined && order === "asc") upper = `${last}\0`;
    if (last !== undefined && order === "desc") lower = last;
    const entries: readonly Entry[] = order === "asc" ? stored : stored.toReversed();
    this.#recent.learn(INDEX, { lower, upper }, entries);
  }
}

const key = fc.integer({ min: 0, max: 40 }).map((at) => String.fromCharCode(0x30 + at));
const step = fc.oneof(
  fc.record({ kind: fc.constant("insert" as const), key, row: fc.nat() }),
  fc.record({ kind: fc.constant("delete" as const), key }),
  fc.record({
    kind: fc.constant("read" as const),
    bounds: fc.tuple(key, key),
    order: fc.constantFrom<Order>("asc", "desc"),
    limit: fc.integer({ min: 1, max: 12 }),
  }),
);

test("what is remembered of an index is what the data file holds", () => {
  let hits = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 60, maxLength: 120 }), (steps) => {
      const world = new World();
      for (const one of steps) {
        if (one.kind === "insert") world.insert(one.key, one.row);
        else if (one.kind === "delete") world.delete(one.key);
        else {
          const [lower = "", upper = ""] = [...one.bounds].sort();
          world.read({ lower, upper }, one.order, one.limit);
        }
      }
      hits += world.hits;
    }),
    { numRuns: 500 },
  );
  expect(hits).toBeGreaterThan(500);
});

test("a range that is read in portions is known as a whole, and so is one that grows", () => {
  const world = new World();
  for (let at = 10; at < 90; at++) world.insert(`k${at}`, at);
  world.read({ lower: "k", upper: "l" }, "asc", 16);
  world.read({ lower: "k25\0", upper: "l" }, "asc", 64);
  world.read({ lower: "k89\0", upper: "l" }, "asc", 256);
  world.insert("k905", 90);
  expect(world.hits).toBe(0);
  world.read({ lower: "k", upper: "l" }, "asc", 500);
  world.read({ lower: "k3", upper: "k4" }, "desc", 500);
  expect(world.hits).toBe(2);
});

test("what is large or was not read for long is forgotten, and nothing is remembered wrong", () => {
  const recent = new RecentStretches();
  const range = { lower: "a", upper: "b" };
  const many = Array.from({ length: 1_024 }, (_, at): Entry => [`a${1_000 + at}`, at]);
  recent.learn(INDEX, range, many);
  expect(recent.find(INDEX, range, "asc", 2_000)).toHaveLength(1_024);
  recent.insert(INDEX, "a9", 1);
  expect(recent.find(INDEX, range, "asc", 2_000)).toBeNull();
  for (let at = 0; at < 50_000; at++) {
    recent.learn(2, { lower: `c${100_000 + at}`, upper: `c${100_000 + at}!` }, []);
  }
  expect(recent.find(2, { lower: "c100000", upper: "c100000!" }, "asc", 1)).toBeNull();
});
