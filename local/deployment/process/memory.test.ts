import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { QUICK_RUNS } from "../functions/isolate/modules.ts";
import { EngineProcess } from "./engine-process.ts";

/** So little memory for each thread, in MB, that none of it is filled for long. */
const MEMORY_MB = 256;

const FUNCTIONS = `
  import { query, mutation, action } from "./_generated/server";
  import { v } from "convex/values";
  const fill = (isFull) => {
    const all = [];
    while (isFull) all.push(new Array(1e5).fill(all.length + 0.5));
    return null;
  };
  export const add = mutation({
    args: { text: v.string() },
    handler: async (ctx, { text }) => void (await ctx.db.insert("notes", { text })),
  });
  export const list = query({
    args: {},
    handler: async (ctx) => (await ctx.db.query("notes").collect()).map(({ text }) => text),
  });
  export const fillSometimes = query({
    args: { fills: v.boolean() },
    handler: (_ctx, { fills }) => fill(fills),
  });
  export const fillInAction = action({ args: {}, handler: async () => fill(true) });
`;

let engine: EngineProcess;

beforeAll(async () => {
  // Filling it is what ends them, and not the time that this takes.
  const args = ["--turn-limit", "60000"];
  const files = { "convex/functions.ts": FUNCTIONS };
  engine = await EngineProcess.start(files, [`--max-old-space-size=${MEMORY_MB}`], args);
}, 60_000);

afterAll(() => engine.stop());

const http = () => new ConvexHttpClient(engine.url, { logger: false });
const query = (name: string, args = {}): Promise<unknown> =>
  http().query(makeFunctionReference<"query">(`functions:${name}`), args);
/** Under the load of other tests. */
const PATIENCE = { timeout: 40_000, interval: 100 };
const OUT_OF_MEMORY = "JavaScript execution ran out of memory (maximum memory usage: 512 MB)";

test("an action that takes more memory than it may fails, and nothing else does", async () => {
  const fill = makeFunctionReference<"action">("functions:fillInAction");
  await expect(http().action(fill)).rejects.toThrow(OUT_OF_MEMORY);
  expect(await query("list")).toEqual([]);
  expect(engine.restarts).toBe(0);
}, 60_000);

test("one that runs beside the database has the deployment started again, with all that it knew", async () => {
  await http().mutation(makeFunctionReference<"mutation">("functions:add"), { text: "kept" });
  // On a busy machine one of them may not have counted as quick.
  for (let run = 0; run < 3 * QUICK_RUNS; run++) await query("fillSometimes", { fills: false });
  await expect(query("fillSometimes", { fills: true })).rejects.toThrow();
  await vi.waitFor(
    () => expect(engine.output).toContain("The deployment was started again."),
    PATIENCE,
  );
  expect(await query("list")).toEqual(["kept"]);
  await expect(query("fillSometimes", { fills: true })).rejects.toThrow(OUT_OF_MEMORY);
}, 60_000);

test("after that none runs beside the database until other code is pushed", async () => {
  for (let run = 0; run < 3 * QUICK_RUNS; run++) await query("fillSometimes", { fills: false });
  await expect(query("fillSometimes", { fills: true })).rejects.toThrow(OUT_OF_MEMORY);
  expect(engine.restarts).toBe(1);

  engine.project.write("convex/functions.ts", `${FUNCTIONS}\nexport const other = 1;`);
  await engine.project.push();
  for (let run = 0; run < 3 * QUICK_RUNS; run++) await query("fillSometimes", { fills: false });
  await expect(query("fillSometimes", { fills: true })).rejects.toThrow();
  await vi.waitFor(() => expect(engine.restarts).toBe(2), PATIENCE);
}, 60_000);
