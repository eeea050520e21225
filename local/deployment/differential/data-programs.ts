import { all, call, IN_ORDER, sample } from "./parts.ts";
import { type Fields, type Filter, type Step, UNDEFINED } from "./programs.ts";
import type { Move } from "./program.ts";

const field = (name: string): Filter => ({ field: name });
const literal = (value: Fields[string]): Filter => ({ literal: value });
const on = (op: string, ...of: Filter[]): Filter => ({ op, of });
const strict = (value: Fields): Step => ({ do: "insert", table: "strict", value });

const STRICT = { name: "first", count: 1n, kind: "one", tags: [] };

/** Programs that each look at one thing of the database. */
export const DATA_PROGRAMS: Readonly<Record<string, readonly Move[]>> = {
  "values go there and back": [
    ...IN_ORDER.map((value) => call("query", "echo", { value })),
    call("query", "echo", { value: { deep: [{ er: [IN_ORDER] }] } }),
  ],

  "values keep their order in an index": [
    // Written in an order that is not theirs.
    {
      do: "write",
      steps: IN_ORDER.map((_, at) => sample({ group: IN_ORDER[(at * 7) % IN_ORDER.length]! })),
    },
    { do: "write", steps: [sample({})] },
    ...(["asc", "desc"] as const).map((order): Move => ({
      do: "read",
      reads: [{ ...all, index: "by_group_rank", order }],
    })),
    ...[...IN_ORDER, UNDEFINED].map((value): Move => ({
      do: "read",
      reads: (["eq", "gt", "gte", "lt", "lte"] as const).map((op) => ({
        ...all,
        index: "by_group_rank",
        bounds: [{ op, field: "group", value }],
      })),
    })),
  ],

  "an index range takes its fields in order, and two bounds of one field": [
    {
      do: "write",
      steps: [1, 2, 3].flatMap((group) => [1, 2, 3].map((rank) => sample({ group, rank }))),
    },
    {
      do: "read",
      reads: (
        [
          [["eq", "group", 2]],
          [
            ["eq", "group", 2],
            ["gt", "rank", 1],
          ],
          [
            ["eq", "group", 2],
            ["gte", "rank", 2],
            ["lt", "rank", 3],
          ],
          [
            ["eq", "group", 2],
            ["lt", "rank", 3],
            ["gt", "rank", 1],
          ],
          [
            ["gt", "group", 1],
            ["lte", "group", 3],
          ],
          [["eq", "rank", 1]],
          [
            ["gt", "group", 1],
            ["eq", "rank", 1],
          ],
          [
            ["gt", "group", 1],
            ["gt", "group", 2],
          ],
          [
            ["gt", "group", 1],
            ["lt", "rank", 2],
          ],
          [
            ["eq", "group", 1],
            ["eq", "rank", 1],
            ["gt", "_creationTime", 0],
          ],
          [["eq", "other", 1]],
        ] as const
      ).map((bounds) => ({
        ...all,
        index: "by_group_rank",
        bounds: bounds.map(([op, name, value]) => ({ op, field: name, value })),
      })),
    },
    { do: "readOne", read: { ...all, index: "by_nothing" } },
    {
      do: "read",
      reads: [
        { ...all, index: "by_id" },
        { ...all, index: "by_creation_time", order: "desc" },
      ],
    },
  ],

  "an index of a nested field finds what has none too": [
    {
      do: "write",
      steps: [{ inner: 2 }, { inner: 1 }, {}, "text", null].map((nested) => sample({ nested })),
    },
    { do: "write", steps: [sample({})] },
    {
      do: "read",
      reads: [
        { ...all, index: "by_inner" },
        {
          ...all,
          index: "by_inner",
          bounds: [{ op: "eq", field: "nested.inner", value: UNDEFINED }],
        },
      ],
    },
  ],

  "patch, replace and delete": [
    { do: "write", steps: [sample({ group: 1, rank: 2, text: "three", nested: { a: 1, b: 2 } })] },
    {
      do: "write",
      steps: [
        { do: "patch", ref: 0, value: { rank: UNDEFINED, group: 5 } },
        { do: "get", ref: 0 },
      ],
    },
    {
      do: "write",
      steps: [
        { do: "patch", ref: 0, value: { nested: { a: 3 } } },
        { do: "get", ref: 0 },
      ],
    },
    {
      do: "write",
      steps: [
        { do: "patch", ref: 0, value: {} },
        { do: "get", ref: 0 },
      ],
    },
    {
      do: "write",
      steps: [
        { do: "replace", ref: 0, value: { text: "only", rank: UNDEFINED } },
        { do: "get", ref: 0 },
      ],
    },
    {
      do: "write",
      steps: [
        { do: "delete", ref: 0 },
        { do: "get", ref: 0 },
      ],
    },
    ...(["patch", "replace"] as const).map((what): Move => ({
      do: "attempt",
      step: { do: what, ref: 0, value: {} },
    })),
    { do: "attempt", step: { do: "delete", ref: 0 } },
    {
      do: "write",
      steps: [
        { do: "delete", ref: 0 },
        { do: "patch", ref: 0, value: { group: 1 } },
      ],
    },
    { do: "readOne", read: all },
  ],

  "unique, first and take": [
    {
      do: "read",
      reads: [
        { ...all, end: "unique" },
        { ...all, end: "first" },
        { ...all, end: { take: 3 } },
      ],
    },
    { do: "write", steps: [sample({ group: 1 })] },
    {
      do: "read",
      reads: [
        { ...all, end: "unique" },
        { ...all, end: "first" },
        { ...all, end: { take: 0 } },
      ],
    },
    { do: "write", steps: [sample({ group: 2 }), sample({ group: 3 })] },
    {
      do: "read",
      reads: [
        { ...all, end: "first" },
        { ...all, end: "first", order: "desc" },
        { ...all, end: { take: 2 } },
      ],
    },
    { do: "readOne", read: { ...all, end: "unique" } },
    { do: "readOne", read: { ...all, end: { take: -1 } } },
    { do: "readOne", read: { ...all, end: { take: 1.5 } } },
  ],

  "a filter compares, computes and combines": [
    {
      do: "write",
      steps: [0, 1, 2, 3, 4, 5].map((rank) =>
        sample({ rank, group: rank % 2 === 0, text: `t${rank}` }),
      ),
    },
    {
      do: "read",
      reads: [
        on("eq", field("rank"), literal(2)),
        on("neq", field("rank"), literal(2)),
        on("eq", field("rank"), literal(UNDEFINED)),
        on("and", field("group"), on("gt", field("rank"), literal(1))),
        on("or", on("eq", field("rank"), literal(0)), on("gte", field("rank"), literal(4))),
        on("not", on("lt", field("rank"), literal(3))),
        on("eq", on("mod", field("rank"), literal(3)), literal(0)),
        on("eq", on("add", field("rank"), literal(1)), on("mul", field("rank"), literal(2))),
        on("gt", on("sub", field("rank"), literal(1)), on("div", field("rank"), literal(2))),
        on("eq", field("_id"), literal("none")),
        field("group"),
      ].map((filter) => ({ ...all, filter })),
    },
    { do: "read", reads: [{ ...all, filter: on("lte", field("text"), literal("t2")) }] },
    { do: "read", reads: [{ ...all, filter: on("lt", field("rank"), literal(1)) }] },
    { do: "read", reads: [{ ...all, filter: on("eq", field("rank"), literal(3)), end: "unique" }] },
    {
      do: "read",
      reads: [
        { ...all, filter: on("gt", field("rank"), literal(2)), order: "desc", end: { take: 2 } },
      ],
    },
  ],

  "a filter over fields that are missing or of another type": [
    { do: "write", steps: [sample({ rank: 1 }), sample({ rank: 2 }), sample({ text: "none" })] },
    {
      do: "read",
      reads: [
        on("lt", field("rank"), literal(2)),
        on("gt", field("rank"), literal("1")),
        on("eq", on("add", field("rank"), literal(1)), literal(2)),
        on("eq", on("neg", field("rank")), literal(-2)),
        on("and", field("group"), on("gt", field("rank"), literal(1))),
        field("rank"),
      ].map((filter) => ({ ...all, filter })),
    },
  ],

  "pages hold everything once, in order": [
    {
      do: "write",
      steps: Array.from({ length: 11 }, (_, at) => sample({ group: at % 3, rank: at })),
    },
    ...[1, 3, 4, 11, 20].map((numItems): Move => ({ do: "pages", read: all, numItems })),
    { do: "pages", read: { ...all, order: "desc" }, numItems: 4 },
    { do: "pages", read: { ...all, index: "by_group_rank", order: "desc" }, numItems: 2 },
    {
      do: "pages",
      read: { ...all, index: "by_group_rank", bounds: [{ op: "eq", field: "group", value: 1 }] },
      numItems: 2,
    },
    {
      do: "pages",
      read: { ...all, filter: on("eq", on("mod", field("rank"), literal(2)), literal(0)) },
      numItems: 2,
    },
    call("query", "page", { read: all as never, cursor: null, numItems: 12 }),
    call("query", "page", { read: all as never, cursor: null, numItems: 11 }),
    call("query", "page", { read: all as never, cursor: null, numItems: 0 }),
    call("query", "page", { read: all as never, cursor: "nonsense", numItems: 2 }),
  ],

  "a mutation that fails leaves nothing, one that was caught leaves only what was before": [
    { do: "write", steps: [sample({ rank: 1 })], fails: true },
    { do: "readOne", read: all },
    {
      do: "write",
      steps: [
        sample({ rank: 1 }),
        {
          do: "nest",
          steps: [sample({ rank: 2 }), { do: "patch", ref: 0, value: { rank: 9 } }],
          fails: true,
        },
        { do: "read", read: all },
        {
          do: "nest",
          steps: [
            sample({ rank: 3 }),
            { do: "nest", steps: [{ do: "delete", ref: 0 }], fails: true },
          ],
        },
        { do: "read", read: all },
      ],
    },
    { do: "readOne", read: all },
  ],

  "the schema is kept": [
    {
      do: "write",
      steps: [strict(STRICT), strict({ ...STRICT, tags: ["a", "b"], parent: UNDEFINED })],
    },
    ...[
      { ...STRICT, name: 1 },
      { ...STRICT, count: 1 },
      { ...STRICT, kind: "three" },
      { ...STRICT, tags: [1] },
      { ...STRICT, parent: "nonsense" },
      { ...STRICT, extra: 1 },
      { name: "only" },
    ].map((value): Move => ({ do: "attempt", step: strict(value) })),
    {
      do: "write",
      steps: [
        { do: "patch", ref: 0, value: { count: 2 } },
        { do: "get", ref: 0 },
      ],
    },
    {
      do: "write",
      steps: [
        { do: "patch", ref: 0, value: { count: 2n } },
        { do: "get", ref: 0 },
      ],
    },
    {
      do: "write",
      steps: [
        { do: "patch", ref: 0, value: { name: UNDEFINED } },
        { do: "get", ref: 0 },
      ],
    },
    {
      do: "write",
      steps: [
        { do: "replace", ref: 0, value: { name: "only" } },
        { do: "get", ref: 0 },
      ],
    },
    {
      do: "write",
      steps: [
        { do: "insert", table: "elsewhere", value: { any: "thing" } },
        { do: "read", read: { table: "elsewhere", end: "collect" } },
        { do: "delete", ref: 2 },
      ],
    },
    { do: "readOne", read: { table: "strict", end: "collect" } },
  ],

  "a text search finds words and the beginning of the last": [
    {
      do: "write",
      steps: ["the quick fox", "a slow fox", "quick", "foxes run", "nothing"].map((text, at) =>
        sample({ text, group: at % 2 }),
      ),
    },
    ...["quick", "fox", "FOX", "nothing", "absent", "run"].map((text): Move => ({
      do: "read",
      reads: [
        { ...all, inAnyOrder: true, search: { index: "by_text", text } },
        { ...all, inAnyOrder: true, search: { index: "by_text", text, group: 1 } },
      ],
    })),
    { do: "write", steps: [sample({}), { do: "patch", ref: 4, value: { group: UNDEFINED } }] },
    {
      do: "read",
      reads: [{ ...all, inAnyOrder: true, search: { index: "by_text", text: "nothing" } }],
    },
  ],

  "ids are known by their table": [
    { do: "write", steps: [sample({ rank: 1 })] },
    call("query", "normalize", { table: "samples", id: "nonsense" }),
    call("query", "normalize", { table: "samples", id: "" }),
  ],
};
