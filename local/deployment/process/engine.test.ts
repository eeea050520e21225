import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { QUICK_RUNS } from "../functions/isolate/modules.ts";
import { FUNCTIONS, ON_NODE, OTHERS, ROUTES } from "./engine-functions.ts";
import { EngineProcess } from "./engine-process.ts";

let engine: EngineProcess;

beforeAll(async () => {
  const files = {
    "convex/functions.ts": FUNCTIONS,
    "convex/onNode.ts": ON_NODE,
    "convex/http.ts": ROUTES,
    "convex/others.ts": OTHERS,
  };
  const limits = ["--turn-limit", "1000", "--node-turn-limit", "1000"];
  engine = await EngineProcess.start(files, [], limits);
}, 60_000);

afterAll(() => engine.stop());

const http = () => new ConvexHttpClient(engine.url, { logger: false });
const query = (name: string, args = {}): Promise<unknown> =>
  http().query(makeFunctionReference<"query">(`functions:${name}`), args);
const mutation = (name: string, args = {}): Promise<unknown> =>
  http().mutation(makeFunctionReference<"mutation">(`functions:${name}`), args);
const STOPPED = "Function execution timed out";
/** Under the load of other tests. */
const PATIENCE = { timeout: 40_000, interval: 100 };

const failureOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "It did not fail.",
    (error: Error) => error.message,
  );

test("while a query spins all else is answered, and the client that asked learns what became of it", async () => {
  const other = new ConvexClient(engine.url, { logger: false });
  const seen: unknown[] = [];
  other.onUpdate(makeFunctionReference<"query">("functions:list"), {}, (notes) => seen.push(notes));
  await vi.waitFor(() => expect(seen).toEqual([[]]));
  for (let run = 0; run < QUICK_RUNS; run++) await query("list");

  const spinning = new ConvexClient(engine.url, { logger: false });
  const failures: string[] = [];
  const spin = makeFunctionReference<"query">("functions:spinInQuery");
  spinning.onUpdate(spin, { round: 1 }, vi.fn(), (error) => failures.push(error.message));
  for (let round = 0; round < 20; round++) {
    expect(await query("list")).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(failures).toEqual([]);
  await vi.waitFor(() => expect(failures.join("\n")).toContain(STOPPED), PATIENCE);
  await vi.waitFor(
    () => expect(engine.output).toContain('functions:spinInQuery([{"round":1}])'),
    PATIENCE,
  );

  await other.mutation(makeFunctionReference<"mutation">("functions:add"), { text: "after" });
  await vi.waitFor(() => expect(seen.at(-1)).toEqual(["after"]), PATIENCE);
  expect(engine.restarts).toBe(0);
  await Promise.all([other.close(), spinning.close()]);
}, 60_000);

test("what waits behind one that spins is run afterwards, once", async () => {
  const spinning = failureOf(query("spinInQuery", { round: 2 }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const waiting = [
    query("count"),
    mutation("addAnother", { text: "behind a query" }),
    http().query(makeFunctionReference<"query">("others:one"), {}),
  ];
  expect(await Promise.all(waiting)).toEqual([1, null, 1]);
  expect(await spinning).toContain(STOPPED);
  expect(await query("list")).toEqual(["after", "behind a query"]);
}, 60_000);

test("a mutation that spins leaves nothing, and a scheduled one fails", async () => {
  const spinning = failureOf(mutation("spinInMutation"));
  expect(await query("list")).toEqual(["after", "behind a query"]);
  await mutation("remove", { text: "behind a query" });
  expect(await query("list")).toEqual(["after"]);
  expect(await spinning).toContain(STOPPED);
  await expect(mutation("spinInMutation")).rejects.toThrow("It is not tried again");
  await mutation("spinScheduled");
  await vi.waitFor(() => expect(query("jobs")).resolves.toEqual(["failed"]), PATIENCE);
}, 60_000);

test("an action that spins is stopped", async () => {
  const spin = makeFunctionReference<"action">("functions:spinInAction");
  await expect(http().action(spin)).rejects.toThrow(`${STOPPED} (maximum duration: 1s)`);
  expect(engine.restarts).toBe(0);
}, 60_000);

test("an HTTP action that spins is stopped, and the answer of one beside it is cut off", async () => {
  const beside = await fetch(`${engine.url}/http/endless`);
  const reading = failureOf(beside.text());
  const spinning = fetch(`${engine.url}/http/spin`);
  expect(await query("list")).toEqual(["after"]);
  const answer = await spinning;
  expect(answer.status).toBe(500);
  expect(await answer.text()).toContain(STOPPED);
  expect(await reading).not.toBe("It did not fail.");
  expect(engine.restarts).toBe(0);
}, 60_000);

test("one that was quick before and spins has the deployment started again, and clients go on", async () => {
  const other = new ConvexClient(engine.url, { logger: false });
  const seen: unknown[] = [];
  other.onUpdate(makeFunctionReference<"query">("functions:list"), {}, (notes) => seen.push(notes));
  await vi.waitFor(() => expect(seen).toEqual([["after"]]));
  // On a busy machine one of them may not have counted as quick.
  for (let run = 0; run < 3 * QUICK_RUNS; run++) await query("spinSometimes", { spins: false });
  await expect(query("spinSometimes", { spins: true })).rejects.toThrow();
  await vi.waitFor(() => expect(query("list")).resolves.toEqual(["after"]), PATIENCE);
  await expect(query("spinSometimes", { spins: true })).rejects.toThrow(STOPPED);
  await vi.waitFor(() => expect(engine.restarts).toBe(1), PATIENCE);

  await other.mutation(makeFunctionReference<"mutation">("functions:add"), { text: "again" });
  await vi.waitFor(() => expect(seen.at(-1)).toEqual(["after", "again"]), PATIENCE);
  await mutation("remove", { text: "again" });
  await other.close();
}, 60_000);

test("one that computes for long at a stretch stays where it can be stopped", async () => {
  const before = engine.restarts;
  for (let run = 0; run <= QUICK_RUNS; run++) {
    expect(await query("computes", { forEver: false })).toBe(true);
  }
  await expect(query("computes", { forEver: true })).rejects.toThrow(STOPPED);
  expect(engine.restarts).toBe(before);
}, 60_000);

test("a query draws the same numbers beside the database as in its own thread", async () => {
  const atOneTime = http();
  const draws = makeFunctionReference<"query", Record<string, never>, number[]>("functions:draws");
  const drawn: number[][] = [];
  for (let run = 0; run < QUICK_RUNS + 2; run++) {
    drawn.push(await atOneTime.consistentQuery(draws));
  }
  expect(new Set(drawn[0])).toHaveLength(3);
  expect(new Set(drawn.map(String))).toEqual(new Set([String(drawn[0])]));
});

test("a mutation whose promise never settles fails, and those behind it go on", async () => {
  const stuck = mutation("neverSettles");
  const behind = mutation("add", { text: "behind" });
  await expect(stuck).rejects.toThrow("Returned promise will never resolve");
  await behind;
  expect(await query("list")).toEqual(["after", "behind"]);
});

test("a mutation that waits for the platform's cryptography is let go on", async () => {
  expect(await mutation("hashes")).toBe(16);
});

const onNode = (name: string, args = {}): Promise<unknown> =>
  http().action(makeFunctionReference<"action">(`onNode:${name}`), args);

test("what a Node action throws is told with the place in its source", async () => {
  await expect(onNode("fails")).rejects.toThrow(
    /Uncaught Error: on string\n\s+at .*convex\/onNode\.ts:11:/,
  );
});

test("a Node action reaches the database, the files, its variables and its log", async () => {
  const body = { path: "onNode:asks", args: { text: "from Node" }, format: "json" };
  const response = await fetch(`${engine.url}/api/action`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(await response.json()).toMatchObject({
    value: {
      notes: ["after", "behind", "from Node"],
      read: "from Node",
      type: "text/plain",
      refused: expect.stringContaining("ArgumentValidationError") as unknown,
    },
    logLines: ["[LOG] 'asks' { text: 'from Node' }"],
  });
  await expect(onNode("refuses", { why: "full" })).rejects.toMatchObject({
    data: { why: "full", site: expect.stringContaining("http://") as unknown },
  });
});

test("while a Node action spins all else is answered, and what ran beside it is told", async () => {
  const before = engine.restarts;
  const spinning = onNode("spins");
  const beside = onNode("waits", { ms: 60_000 });
  let isOver = false;
  const failures = Promise.all([failureOf(spinning), failureOf(beside)]).finally(
    () => (isOver = true),
  );
  for (let round = 0; round < 20; round++) {
    expect(await query("list")).toContain("from Node");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(isOver).toBe(false);
  expect(await failures).toEqual([
    expect.stringContaining(`${STOPPED} (maximum duration: 1s)`),
    expect.stringContaining(`${STOPPED}: a function beside it computed for too long`),
  ]);
  expect(await onNode("waits", { ms: 1 })).toBe("waited");
  expect(engine.restarts).toBe(before);
}, 60_000);

test("an error that a function leaves to nobody fails that function alone", async () => {
  const inDefaultRuntime = (name: string) =>
    http().action(makeFunctionReference<"action">(`functions:${name}`));
  for (const run of [inDefaultRuntime, onNode]) {
    await expect(run("rejects")).rejects.toThrow("Uncaught Error: nobody takes it");
    await expect(run("throwsLater")).rejects.toThrow("Uncaught Error: nor this");
  }
  const outcomes = await Promise.allSettled([query("rejectsInQuery"), query("list")]);
  expect(outcomes[1]).toMatchObject({ status: "fulfilled" });
  expect(await onNode("waits", { ms: 1 })).toBe("waited");
});

test("a Node action that ends its thread fails, and the next has another", async () => {
  await expect(onNode("exits")).rejects.toThrow("Node's runtime ended with 3");
  expect(await onNode("waits", { ms: 1 })).toBe("waited");
});

test("other code is tried again", async () => {
  const name = "export const spinInQuery = query({ args: { round: v.number() }, handler: () => ";
  engine.project.write("convex/functions.ts", FUNCTIONS.replace(`${name}spin()`, `${name}"fixed"`));
  await engine.project.push();
  expect(await query("spinInQuery", { round: 1 })).toBe("fixed");
}, 60_000);
