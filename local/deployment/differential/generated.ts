import type { Value } from "convex/values";
import fc from "fast-check";
import {
  type Bounds,
  type Fields,
  type Filter,
  type Read,
  type Step,
  UNDEFINED,
} from "./programs.ts";
import type { Move } from "./program.ts";

/** Few values, so that documents meet, but of every type. */
const value: fc.Arbitrary<Value> = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Value[]>(
      ...[null, 0n, 1n, -0, 1.5, Number.NaN, false, true, "", "a", "ab", "\u{1F600}"],
      ...[
        new Uint8Array([1]).buffer,
        [],
        [1, "a"],
        {},
        { inner: 1 },
        { inner: "a", other: [null] },
      ],
    ),
  },
);
const valueOrNone = fc.oneof(
  { weight: 6, arbitrary: value },
  { weight: 1, arbitrary: fc.constant<Value>(UNDEFINED) },
);
const text = fc
  .array(fc.constantFrom("tree", "trees", "house", "red", "blue"), { maxLength: 3 })
  .map((words) => words.join(" "));

const fields: fc.Arbitrary<Fields> = fc.record(
  { group: valueOrNone, rank: valueOrNone, nested: valueOrNone, text },
  { requiredKeys: ["text"], noNullPrototype: true },
);
/** Most fit the schema. */
const strictFields: fc.Arbitrary<Fields> = fc.record(
  {
    name: fc.constantFrom("one", "two"),
    count: fc.oneof(fc.bigInt({ min: 0n, max: 9n }), fc.constant(1)),
    kind: fc.constantFrom("one", "two", "two", "three"),
    tags: fc.array(fc.constantFrom("x", "y"), { maxLength: 2 }),
  },
  { noNullPrototype: true },
);

const compared = (field: string): fc.Arbitrary<Filter> =>
  fc
    .record({ op: fc.constantFrom("eq", "neq"), literal: valueOrNone })
    .map(({ op, literal }) => ({ op, of: [{ field }, { literal }] }));
const filter: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    compared("group"),
    compared("rank"),
    compared("nested.inner"),
    tie("filter").map((of) => ({ op: "not", of: [of] })),
    fc
      .tuple(fc.constantFrom("and", "or"), fc.array(tie("filter"), { minLength: 1, maxLength: 3 }))
      .map(([op, of]) => ({ op, of })),
  ),
})).filter;

/** Equal fields first, then at most a lower and an upper bound on the next, as Convex wants it. */
const indexed: fc.Arbitrary<Pick<Read, "index" | "bounds">> = fc
  .record({
    fields: fc.constantFrom(["group", "rank"], ["nested.inner"]),
    equal: fc.array(valueOrNone, { maxLength: 2 }),
    lower: fc.option(fc.tuple(fc.constantFrom("gt" as const, "gte" as const), valueOrNone)),
    upper: fc.option(fc.tuple(fc.constantFrom("lt" as const, "lte" as const), valueOrNone)),
  })
  .map(({ fields, equal, lower, upper }) => {
    const fixed = equal.slice(0, fields.length);
    const bounds: Bounds[number][] = fixed.map((value, at) => ({
      op: "eq",
      field: fields[at]!,
      value,
    }));
    const next = fields[fixed.length];
    if (next !== undefined) {
      for (const bound of [lower, upper]) {
        if (bound !== null) bounds.push({ op: bound[0], field: next, value: bound[1] });
      }
    }
    return { index: fields.length === 2 ? "by_group_rank" : "by_inner", bounds };
  });

const searched: fc.Arbitrary<Pick<Read, "search" | "inAnyOrder">> = fc
  .record({
    word: fc.constantFrom("tree", "trees", "house", "re", "green"),
    group: fc.option(value),
  })
  .map(({ word, group }) => ({
    search: { index: "by_text", text: word, ...(group !== null && { group }) },
    inAnyOrder: true,
  }));

const ordered = fc.record({ order: fc.constantFrom("asc" as const, "desc" as const) });

const source: fc.Arbitrary<Partial<Read>> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(indexed, ordered).map(([range, order]) => ({ ...range, ...order })),
  },
  { weight: 2, arbitrary: ordered },
  { weight: 1, arbitrary: searched },
);

const read: fc.Arbitrary<Read> = fc
  .record({
    source,
    filter: fc.option(filter, { freq: 2 }),
    end: fc.oneof(
      { weight: 4, arbitrary: fc.constant("collect" as const) },
      { weight: 1, arbitrary: fc.constantFrom("first" as const, "unique" as const) },
      { weight: 2, arbitrary: fc.nat(4).map((take) => ({ take })) },
    ),
  })
  .map(({ source, filter, end }) => ({
    table: "samples",
    ...source,
    ...(filter !== null && { filter }),
    // What a search finds first is for another test.
    end: source.search === undefined ? end : ("collect" as const),
  }));

const step: fc.Arbitrary<Step> = fc.letrec<{ step: Step }>((tie) => ({
  step: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    {
      weight: 4,
      arbitrary: fields.map((value): Step => ({
        do: "insert",
        table: "samples",
        value: onlySet(value),
      })),
    },
    {
      weight: 1,
      arbitrary: strictFields.map((value): Step => ({ do: "insert", table: "strict", value })),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom("patch" as const, "replace" as const),
        ref: fc.nat(30),
        value: fields,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constantFrom("get" as const, "delete" as const),
        ref: fc.nat(30),
      }),
    },
    { weight: 2, arbitrary: read.map((each): Step => ({ do: "read", read: each })) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant("nest" as const),
        steps: fc.array(tie("step"), { maxLength: 3 }),
        fails: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: value.map((data): Step => ({ do: "throw", data })) },
  ),
})).step;

/** A new document has nothing to take away. */
function onlySet(value: Fields): Fields {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== UNDEFINED));
}

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("write" as const),
      steps: fc.array(step, { minLength: 1, maxLength: 8 }),
      fails: fc.nat(7).map((chance) => chance === 0),
    }),
  },
  {
    weight: 2,
    arbitrary: fc
      .array(read, { minLength: 1, maxLength: 4 })
      .map((reads): Move => ({ do: "read", reads })),
  },
  { weight: 1, arbitrary: read.map((each): Move => ({ do: "readOne", read: each })) },
  {
    weight: 1,
    arbitrary: fc
      .record({
        source: fc.oneof(
          fc.tuple(indexed, ordered).map(([range, order]) => ({ ...range, ...order })),
          ordered,
        ),
        numItems: fc.integer({ min: 1, max: 4 }),
      })
      .map(({ source, numItems }): Move => ({
        do: "pages",
        read: { table: "samples", ...source, end: "collect" },
        numItems,
      })),
  },
);

/** It begins with some documents, so that there is something to read. */
export const program: fc.Arbitrary<readonly Move[]> = fc
  .tuple(
    fc.array(fields.map(onlySet), { minLength: 3, maxLength: 8 }),
    fc.array(move, { minLength: 2, maxLength: 6 }),
  )
  .map(([documents, moves]) => [
    { do: "write", steps: documents.map((value) => ({ do: "insert", table: "samples", value })) },
    ...moves,
  ]);
