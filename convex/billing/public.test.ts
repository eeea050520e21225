/// <reference types="vite/client" />
import { expect, test } from "vitest";
import { PACK_IDS, PRO } from "./plans";

// What a client may call, found by looking at everything that is exported: nothing here grants
// credits, takes a price, or names whose billing it is about.

interface Exported {
  readonly isPublic?: boolean;
  readonly isHttp?: boolean;
  readonly exportArgs?: () => string;
}

const modules = import.meta.glob<Record<string, Exported>>(["./*.ts", "!./*.test.ts"], {
  eager: true,
});
const ledger = import.meta.glob<Record<string, Exported>>(
  ["../credits/*.ts", "!../credits/*.test.ts"],
  { eager: true },
);

/** Every public function, with the validators of its arguments. */
function publicFunctions(files: Record<string, Record<string, Exported>>) {
  return Object.entries(files).flatMap(([file, exports]) =>
    Object.entries(exports).flatMap(([name, it]) =>
      it?.isPublic === true && it.exportArgs !== undefined
        ? [{ name: `${file.slice(2, -3)}:${name}`, args: it.exportArgs() }]
        : [],
    ),
  );
}

test("these are the only functions of billing that a client may call", () => {
  const found = publicFunctions(modules).map(({ name }) => name);
  expect(found.toSorted()).toEqual([
    "checkout:portal",
    "checkout:settle",
    "checkout:start",
    "orders:byId",
    "state:current",
  ]);
});

test("none of them takes a price, an amount or a person; a plan is one of the table", () => {
  const args = Object.fromEntries(
    publicFunctions(modules).map((it) => [it.name, JSON.parse(it.args) as { value: object }]),
  );
  const names = Object.entries(args).map(([name, { value }]) => [name, Object.keys(value)]);
  expect(Object.fromEntries(names)).toEqual({
    "checkout:portal": [],
    "checkout:settle": [],
    "checkout:start": ["planId"],
    "orders:byId": ["orderId"],
    "state:current": [],
  });
  const plans = JSON.stringify(args["checkout:start"]).matchAll(/"value":"(\w+)"/g);
  expect(new Set([...plans].map(([, id]) => id))).toEqual(new Set([...PACK_IDS, PRO.planId]));
});

test("no function of the ledger that a client may call writes", () => {
  const writing = Object.entries(ledger).flatMap(([file, exports]) =>
    Object.entries(exports).flatMap(([name, it]) =>
      it?.isPublic === true && !("isQuery" in it) ? [`${file}:${name}`] : [],
    ),
  );
  expect(writing).toEqual([]);
});
