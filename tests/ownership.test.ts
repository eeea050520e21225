import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Account, signUp } from "./credits/account.ts";
import { type DeployedFunction, listFunctions } from "./credits/offered-functions.ts";
import { type Called, Owner } from "./credits/owner.ts";
import { startProductDeployment } from "./credits/product-deployment.ts";
import type { DeploymentProcess } from "./faults/deployment-process.ts";

// Every public function that the deployment itself lists, with the first person's ids, as nobody
// and as another person. A function that is added is called too, without being named here.

const START_TIMEOUT_MS = 120_000;
const CALLS_TIMEOUT_MS = 180_000;

/** Stands in every text that the first person has. */
const SECRET = "adas-secret";
/** Is every number that the first person has: an instant long after all others, say. */
const FAR_AHEAD = 4_000_000_000_000;

/** They open to whoever has the link, which is what a link is for. */
const OPEN_BY_LINK = new Set(["sharing/snapshots:sharedChat", "sharing/snapshots:sharedMessages"]);
/** They let people in and out. */
const ENTRANCE = new Set(["auth:signIn", "auth:signOut"]);
/** Who is signed in: nobody, which is an answer. */
const ANSWERS_NOBODY = new Set(["account/viewer:current"]);

/**
 * Two rows of every table of the schema for one person, whatever tables there are: the values come
 * from the validators, each text is the secret, and each id is one of the rows written before.
 */
const OWNER_MODULE = `
import { v } from "convex/values";
import { internalMutation, internalQuery } from "./_generated/server";
import schema from "./schema";

let isLenient = false;

/** What may be missing is left out once nothing else can be waited for. */
function orNothing(make, nothing) {
  try {
    return make();
  } catch (error) {
    if (!isLenient || error.message !== "later") throw error;
    return nothing;
  }
}

function sample(shape, ids, seed) {
  switch (shape.type) {
    case "object":
      return Object.fromEntries(
        Object.entries(shape.value)
          .map(([name, { fieldType, optional }]) => {
            const make = () => sample(fieldType, ids, seed);
            return [name, optional ? orNothing(make, undefined) : make()];
          })
          .filter(([, value]) => value !== undefined),
      );
    case "union": {
      const held = shape.value.filter(({ type }) => type !== "null");
      const make = () => sample(held[seed % held.length] ?? { type: "null" }, ids, seed);
      return held.length < shape.value.length ? orNothing(make, null) : make();
    }
    case "array": return [sample(shape.value, ids, seed)];
    case "record": return {};
    case "id": {
      const id = ids[shape.tableName];
      if (id === undefined) throw new Error("later");
      return id;
    }
    case "literal": return shape.value;
    case "number": return ${FAR_AHEAD};
    case "bigint": return 1n;
    case "boolean": return false;
    case "bytes": return new ArrayBuffer(1);
    case "string": return "${SECRET}" + (seed === 0 ? "" : "-" + seed);
    case "null": return null;
    default: return "${SECRET}";
  }
}

export const fill = internalMutation({
  args: { userId: v.id("users"), seed: v.number() },
  handler: async (ctx, { userId, seed }) => {
    const ids = { users: userId };
    const waiting = new Set(Object.keys(schema.tables).filter((table) => table !== "users"));
    for (let round = 0; round < 10 && waiting.size > 0; round++) {
      isLenient = round > 2;
      for (const table of [...waiting]) {
        try {
          const row = sample(schema.tables[table].validator.json, ids, seed);
          for (const name of ["deletedAt", "_id", "_creationTime"]) delete row[name];
          const fields = schema.tables[table].validator.fields;
          if (fields.deletedAt !== undefined) row.deletedAt = null;
          ids[table] = await ctx.db.insert(table, row);
          waiting.delete(table);
        } catch (error) {
          if (error.message !== "later") throw new Error(table + ": " + error.message);
        }
      }
    }
    return { ids, left: [...waiting] };
  },
});

export const rowsOf = internalQuery({
  args: { ids: v.any() },
  handler: async (ctx, { ids }) => {
    const rows = {};
    for (const [table, id] of Object.entries(ids)) {
      if (typeof id === "string") rows[table] = await ctx.db.get(id);
    }
    return rows;
  },
});
`;

interface Shape {
  readonly type: string;
  readonly value?: unknown;
  readonly tableName?: string;
}

type Ids = Readonly<Record<string, string>>;

let folder: string;
let deployment: DeploymentProcess;
let owner: Owner;
let functions: DeployedFunction[];
let bob: Account;
let sets: Ids[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "parley-ownership-"));
  const modules = { "owner.ts": OWNER_MODULE };
  deployment = await startProductDeployment(folder, { modelUrl: "http://127.0.0.1:9", modules });
  owner = new Owner(deployment);
  const ada = await signUp(deployment.url);
  bob = await signUp(deployment.url);
  sets = [];
  for (const seed of [0, 1]) {
    const filled = (await owner.call("mutation", "owner:fill", { userId: ada.userId, seed })) as {
      ids: Ids;
      left: string[];
    };
    expect(filled.left).toEqual([]);
    sets.push(filled.ids);
  }
  functions = (await listFunctions(owner)).filter(({ isPublic }) => isPublic);
}, START_TIMEOUT_MS);

afterAll(async () => {
  await deployment.stop();
  rmSync(folder, { recursive: true });
});

/**
 * Arguments that name what the first person has wherever they can. What is written (`isRead` is not)
 * carries other words, because a person may read what they wrote.
 */
function namingAdas(shape: Shape, ids: Ids, seed: number, isRead: boolean, name = ""): unknown {
  switch (shape.type) {
    case "object": {
      const fields = Object.entries(
        shape.value as Record<string, { fieldType: Shape; optional: boolean }>,
      );
      if (fields.some(([field]) => field === "numItems")) return { numItems: 10, cursor: null };
      return Object.fromEntries(
        fields.map(([field, { fieldType }]) => [
          field,
          namingAdas(fieldType, ids, seed, isRead, field),
        ]),
      );
    }
    case "union": {
      const held = (shape.value as Shape[]).filter(({ type }) => type !== "null");
      return namingAdas(held[seed % held.length] ?? { type: "null" }, ids, seed, isRead, name);
    }
    case "array":
      return [namingAdas(shape.value as Shape, ids, seed, isRead, name)];
    case "id":
      return ids[shape.tableName ?? ""] ?? "none";
    case "literal":
      return shape.value;
    case "number":
      // As in every row.
      return FAR_AHEAD;
    case "boolean":
      return seed === 0;
    case "string":
      if (isIdAsText(name)) return idNamed(name, ids);
      return /displayId|token|code|table/i.test(name) || isRead
        ? `${SECRET}${seed === 0 ? "" : `-${seed}`}`
        : "bobs-words";
    case "null":
      return null;
    default:
      return {};
  }
}

/** An id may come as text, from an address say: `orderId` is one of `checkoutOrders`. */
const isIdAsText = (name: string) => name.endsWith("Id") && name !== "displayId";

function idNamed(name: string, ids: Ids): string {
  const table = `${name.slice(0, -2)}s`.toLowerCase();
  const found = Object.keys(ids).find((each) => each.toLowerCase().endsWith(table));
  expect(found, `${name} is no table's`).toBeDefined();
  return ids[found!]!;
}

async function callWith(
  { path, kind, args }: DeployedFunction,
  ids: Ids,
  seed: number,
  token: string | null,
): Promise<Called> {
  const named = namingAdas(args, ids, seed, kind === "query") as Record<string, unknown>;
  const wrongLink = OPEN_BY_LINK.has(path) ? { token: "no such link" } : {};
  const response = await fetch(`${deployment.url}/api/${kind}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ path, args: { ...named, ...wrongLink }, format: "json" }),
  });
  return (await response.json()) as Called;
}

function expectNothingOfAdas(path: string, called: Called, ids: Ids): void {
  const said = JSON.stringify(
    called.status === "success" ? called.value : [called.errorMessage, called.errorData],
  );
  // Arguments that do not fit would make the test say nothing about the function.
  expect(said, `${path} was not really called`).not.toMatch(/ArgumentValidationError/);
  if (called.status === "error") return;
  expect(said, `${path} answers with what is Ada's`).not.toContain(SECRET);
  const known = Object.values(ids).filter((id) => said.includes(id));
  expect(known, `${path} names what is Ada's`).toEqual([]);
}

async function adasRows(): Promise<unknown> {
  return await Promise.all(sets.map((ids) => owner.call("query", "owner:rowsOf", { ids })));
}

test(
  "every public function answers nobody with a refusal",
  async () => {
    expect(functions.length).toBeGreaterThan(60);
    const before = await adasRows();
    const answered: string[] = [];
    for (const each of functions) {
      for (const [seed, ids] of sets.entries()) {
        const called = await callWith(each, ids, seed, null);
        expectNothingOfAdas(each.path, called, ids);
        const isRefused =
          called.status === "error" &&
          (called.errorData as { code?: string } | undefined)?.code === "UNAUTHENTICATED";
        if (!isRefused) answered.push(each.path);
      }
    }
    const mayAnswer = new Set([...OPEN_BY_LINK, ...ENTRANCE, ...ANSWERS_NOBODY]);
    expect([...new Set(answered)].filter((path) => !mayAnswer.has(path))).toEqual([]);
    expect(await adasRows()).toEqual(before);
  },
  CALLS_TIMEOUT_MS,
);

test(
  "every public function answers another person with nothing of the first one's, and changes none of it",
  async () => {
    const before = await adasRows();
    for (const each of functions) {
      // Signing out would end the test's own session.
      if (ENTRANCE.has(each.path)) continue;
      for (const [seed, ids] of sets.entries()) {
        expectNothingOfAdas(each.path, await callWith(each, ids, seed, bob.token), ids);
      }
    }
    expect(await adasRows()).toEqual(before);
  },
  CALLS_TIMEOUT_MS,
);
