import { all, bytes, call, IN_ORDER, sample } from "./parts.ts";
import { LAST, type Move } from "./program.ts";

/** Programs that each look at one thing of functions and their calls. */
export const CALL_PROGRAMS: Readonly<Record<string, readonly Move[]>> = {
  "functions call each other": [
    { do: "write", steps: [sample({ rank: 1 })] },
    call("action", "relay", {
      calls: [
        { kind: "query", name: "readOne", args: { read: all } },
        { kind: "mutation", name: "write", args: { ids: [], steps: [], fails: false } },
        { kind: "mutation", name: "write", args: { ids: [], steps: [], fails: true } },
        {
          kind: "mutation",
          name: "fails",
          args: { data: { code: 7n, list: [1, { a: bytes(1) }] } },
        },
        { kind: "mutation", name: "fails", args: { data: "text" } },
        { kind: "mutation", name: "fails", args: { text: "plain" } },
        {
          kind: "action",
          name: "relay",
          args: { calls: [{ kind: "query", name: "echo", args: { value: 1n } }] },
        },
        {
          kind: "action",
          name: "relay",
          args: { calls: [{ kind: "mutation", name: "fails", args: { data: null } }] },
        },
        { kind: "query", name: "takes", args: { text: 1 } },
        { kind: "query", name: "gives", args: { value: {} } },
      ] as never,
    }),
    call("action", "relay", { calls: [{ kind: "query", name: "write", args: {} }] as never }),
    call("action", "relay", { calls: [{ kind: "query", name: "nowhere", args: {} }] as never }),
    call("query", "nestedQuery", { name: "readOne", args: { read: all as never } }),
    call("query", "nestedQuery", { name: "takes", args: { text: 1 } }),
    call("query", "nestedQuery", { name: "fails", args: {} }),
    call("query", "nowhere"),
    call("mutation", "readOne", { read: all as never }),
    call("query", "write"),
  ],

  "data of an error arrives whole": [
    ...[...IN_ORDER, { code: "limit", left: 3n, at: [1, null, { deep: bytes(1, 2) }] }].map(
      (data) => call("mutation", "fails", { data }),
    ),
    call("mutation", "fails", { text: "a plain error" }),
    call("mutation", "fails", { text: "" }),
  ],

  "arguments are checked": [
    call("query", "takes", {}),
    call("query", "takes", {
      text: "a",
      number: 1,
      integer: 1n,
      flag: false,
      nothing: null,
      data: bytes(1),
      list: [1, 2],
      object: { inner: "x" },
      kind: 7,
    }),
    ...(
      [
        ["text", 1],
        ["text", null],
        ["number", "1"],
        ["number", 1n],
        ["integer", 1],
        ["flag", 0],
        ["nothing", "null"],
        ["nothing", false],
        ["data", [1]],
        ["list", [1, "2"]],
        ["list", {}],
        ["object", {}],
        ["object", { inner: 1 }],
        ["object", { inner: "x", other: 1 }],
        ["object", []],
        ["kind", "other"],
        ["kind", 8],
        ["kind", false],
        ["sample", "nonsense"],
        ["sample", 1],
        ["unknown", 1],
      ] as const
    ).map(([name, value]) => call("query", "takes", { [name]: value as never })),
    call("query", "takes", { record: { a: 1, b: 2 } }),
    call("query", "takes", { record: { a: "1" } }),
  ],

  "results are checked": [
    call("query", "gives", { value: { count: 1 } }),
    call("query", "gives", { value: { count: 1, name: "x" } }),
    call("query", "gives", { value: { count: "1" } }),
    call("query", "gives", { value: { count: 1, other: 2 } }),
    call("query", "gives", { value: {} }),
    call("query", "gives", { value: null }),
  ],

  "scheduled functions": [
    call("mutation", "schedule", {
      name: "write",
      args: { ids: [], steps: [sample({ rank: 1 }) as never], fails: false },
      delayMs: 0,
      fails: false,
    }),
    { do: "settle" },
    { do: "readOne", read: { ...all, end: { take: 5 } } },
    call("mutation", "schedule", {
      name: "write",
      args: { ids: [], steps: [sample({ rank: 2 }) as never], fails: true },
      delayMs: 0,
      fails: false,
    }),
    { do: "settle" },
    call("mutation", "schedule", {
      name: "write",
      args: { ids: [], steps: [], fails: false },
      delayMs: 3_600_000,
      fails: false,
    }),
    call("query", "job", { id: LAST }),
  ],

  "a scheduled function that is cancelled, or whose mutation fails, does not run": [
    call("mutation", "schedule", {
      name: "write",
      args: { ids: [], steps: [sample({ rank: 1 }) as never], fails: false },
      delayMs: 0,
      fails: true,
    }),
    call("mutation", "schedule", {
      name: "write",
      args: { ids: [], steps: [sample({ rank: 2 }) as never], fails: false },
      delayMs: 60_000,
      fails: false,
    }),
    call("mutation", "cancel", { id: LAST }),
    call("query", "job", { id: LAST }),
    { do: "readOne", read: all },
  ],

  files: [
    call("action", "store", { text: "content", type: "text/plain" }),
    call("action", "load", { id: LAST }),
    call("query", "metadata", { id: LAST }),
    call("mutation", "discard", { id: LAST }),
    call("action", "load", { id: LAST }),
    call("query", "metadata", { id: LAST }),
    call("mutation", "discard", { id: LAST }),
    call("action", "store", { text: "" }),
    call("action", "load", { id: LAST }),
  ],
};

/** Run by somebody who is signed in. */
export const SIGNED_IN: readonly Move[] = [
  call("query", "whoInQuery"),
  call("mutation", "whoInMutation"),
  call("action", "whoInAction"),
  call("query", "nestedQuery", { name: "whoInQuery", args: {} }),
  call("action", "relay", {
    calls: [
      { kind: "query", name: "whoInQuery", args: {} },
      { kind: "mutation", name: "whoInMutation", args: {} },
      { kind: "action", name: "whoInAction", args: {} },
    ] as never,
  }),
  call("mutation", "noteCaller"),
  call("mutation", "schedule", { name: "noteCaller", args: {}, delayMs: 0, fails: false }),
  { do: "settle" },
  { do: "readOne", read: all },
];
