import type { Fields, Read, Step } from "./programs.ts";
import type { Move } from "./program.ts";
import type { Kind } from "./world.ts";

// What programs are made of.

export const all: Read = { table: "samples", end: "collect" };

export const sample = (value: Fields): Step => ({ do: "insert", table: "samples", value });

export const call = (kind: Kind, name: string, args: Fields = {}): Move => ({
  do: "call",
  kind,
  name,
  args,
});

export const bytes = (...of: number[]) => new Uint8Array(of).buffer;
/** One of every type, in Convex's order. */
export const IN_ORDER = [
  null,
  -(2n ** 63n),
  -1n,
  0n,
  2n ** 63n - 1n,
  Number.NEGATIVE_INFINITY,
  -1.5,
  -0,
  0,
  Number.MIN_VALUE,
  1,
  Number.POSITIVE_INFINITY,
  Number.NaN,
  false,
  true,
  "",
  "\0",
  "a",
  "a\0",
  "ab",
  "b",
  "\uFFFD",
  "\u{1F600}",
  bytes(),
  bytes(0),
  bytes(0, 1),
  bytes(255),
  [],
  [null],
  [1, 2],
  [1, "2"],
  [[]],
  {},
  { a: 1 },
  { a: 1, b: 2 },
  { b: 0 },
];
