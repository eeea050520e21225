import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Deployment, startDeployment } from "../deployment.ts";
import { APP, COUNTER } from "../fixture/components.ts";
import { CliProject } from "./cli-project.ts";

let dataDir: string;
let deployment: Deployment;
let project: CliProject;

const start = () => startDeployment({ dataDir, host: "127.0.0.1", port: 0, sitePort: 0 });

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "parley-components-"));
  deployment = await start();
  project = new CliProject(deployment);
  for (const [path, text] of Object.entries({ ...COUNTER, ...APP })) project.write(path, text);
  await project.run("env", "set", "WEIGHT", "grams");
  await project.run("env", "set", "SECRET", "the app's own");
  await project.push();
}, 60_000);

afterAll(async () => {
  await project.dispose();
  await deployment.close();
  rmSync(dataDir, { recursive: true });
});

const http = () => new ConvexHttpClient(deployment.url, { logger: false });
const query = (path: string, args = {}): Promise<unknown> =>
  http().query(makeFunctionReference<"query">(path), args);
const mutation = (path: string, args = {}): Promise<unknown> =>
  http().mutation(makeFunctionReference<"mutation">(path), args);

test("the code that the push generates knows the components' functions by type", async () => {
  expect(project.read("convex/_generated/api.d.ts")).toContain(
    'counter: import("../../counter/_generated/component.js").ComponentApi<"counter">',
  );
  expect(project.read("counter/_generated/component.ts")).toMatch(/addLater: FunctionReference/);
  const checked = await project.run("dev", "--once", "--typecheck", "enable");
  expect(checked.stderr).toContain("Convex functions ready");
  expect(checked.code).toBe(0);
}, 60_000);

test("a component's function reads and writes tables of its own, live", async () => {
  const client = new ConvexClient(deployment.url, { logger: false });
  const seen: unknown[] = [];
  client.onUpdate(makeFunctionReference<"query">("counting:value"), { name: "live" }, (value) =>
    seen.push(value),
  );
  await vi.waitFor(() => expect(seen).toEqual([0]));
  expect(await mutation("counting:add", { name: "live", by: 2 })).toBe(2);
  await vi.waitFor(() => expect(seen).toEqual([0, 2]));
  const add = makeFunctionReference<"action">("counting:addInAction");
  expect(await http().action(add, { name: "live" })).toBe(3);
  await vi.waitFor(() => expect(seen).toEqual([0, 2, 3]));
  await client.close();
});

test("a definition that is mounted twice has two sets of tables", async () => {
  await mutation("counting:add", { name: "twice", by: 5 });
  expect(await query("counting:value", { name: "twice" })).toBe(5);
  expect(await query("counting:otherValue", { name: "twice" })).toBe(0);
});

test("a call that fails takes back its own writes and its children's, and no others", async () => {
  const before = await notes();
  expect(await mutation("counting:addAndSurvive", { name: "nested" })).toContain(
    "the counter fails",
  );
  expect(await query("counting:value", { name: "nested" })).toBe(1);
  expect((await notes()) - before).toBe(1);
  await expect(mutation("counting:addAndFail", { name: "nested" })).rejects.toThrow(
    "the app fails",
  );
  expect(await query("counting:value", { name: "nested" })).toBe(1);
  expect((await notes()) - before).toBe(1);
});

/** Counted by the component's component, over its own HTTP route. */
async function notes(): Promise<number> {
  const response = await fetch(`${deployment.siteUrl}/counter/notes/count`);
  expect(response.status).toBe(200);
  return ((await response.json()) as { count: number }).count;
}

test("a component under an address prefix sees the rest of the path, and the whole address", async () => {
  const response = await fetch(`${deployment.siteUrl}/counter/notes/count`);
  expect(await response.json()).toMatchObject({
    url: `${deployment.siteUrl}/counter/notes/count`,
  });
  expect((await fetch(`${deployment.siteUrl}/counter/count`)).status).toBe(404);
  expect((await fetch(`${deployment.siteUrl}/notes/count`)).status).toBe(404);
});

test("a component has the variables that it was given, and no identity", async () => {
  expect(await query("counting:surroundings")).toEqual({
    unit: "grams",
    secret: null,
    site: `${deployment.siteUrl}/counter`,
    identity: null,
    path: "counter",
  });
  await project.run("env", "set", "WEIGHT", "ounces");
  expect(await query("counting:surroundings")).toMatchObject({ unit: "ounces" });
});

test("a component schedules its own functions and sees no others", async () => {
  const first = (await mutation("counting:addLater", { name: "later" })) as {
    inComponent: { name: string; count: number };
    inApp: number;
  };
  expect(first).toEqual({ inComponent: { name: "counts.js:addOne", count: 1 }, inApp: 0 });
  await vi.waitFor(async () => expect(await query("counting:value", { name: "later" })).toBe(1));
});

test("a handle calls back into the app, at once and by the scheduler", async () => {
  await mutation("counting:callBack");
  await vi.waitFor(async () =>
    expect(await query("counting:heard")).toEqual([
      "called by the component",
      "scheduled by the component",
    ]),
  );
});

test("what a component keeps to itself cannot be called from outside", async () => {
  await expect(mutation("counting:reachHidden")).rejects.toThrow(
    "Could not find public function for 'counts:hidden' in component 'counter'",
  );
  await expect(mutation("counting:reachNothing")).rejects.toThrow(
    'No component is mounted at "absent"',
  );
});

test("a component reads its table in pages, several in one query of the app", async () => {
  expect(await query("counting:names")).toEqual(["live", "twice", "nested", "later"]);
});

test("the CLI runs a component's function", async () => {
  const args = ["run", "--component", "counter", "counts:value", '{"name":"twice"}'];
  expect(await project.run(...args)).toMatchObject({ code: 0, stdout: "5\n" });
});

test("the published rate limiter runs unmodified", async () => {
  const send = (key: string) =>
    mutation("published:send", { key }) as Promise<{ ok: boolean; retryAfter?: number }>;
  for (let left = 2; left >= 0; left--) {
    expect(await send("ada")).toEqual({ ok: true });
    expect(await query("published:remaining", { key: "ada" })).toBe(left);
  }
  const refused = await send("ada");
  expect(refused.ok).toBe(false);
  expect(refused.retryAfter).toBeGreaterThan(0);
  expect(refused.retryAfter).toBeLessThanOrEqual(20_000);
  expect(await send("grace")).toEqual({ ok: true });
});

test("the published aggregate runs unmodified, in the transaction of the app's mutation", async () => {
  for (let points = 1; points <= 40; points++) {
    await mutation("published:score", { player: "ada", points });
  }
  const failing = { player: "ada", points: 1_000, thenFail: true };
  await expect(mutation("published:score", failing)).rejects.toThrow("not counted");
  expect(await query("published:standing", { points: 31 })).toEqual({
    count: 40,
    sum: 820,
    below: 30,
    best: 40,
  });
});

test("components come back with the deployment, and go with the push that drops them", async () => {
  await deployment.close();
  deployment = await start();
  expect(await query("counting:value", { name: "twice" })).toBe(5);
  const dropping = new CliProject(deployment);
  dropping.write(
    "convex/only.ts",
    `import { queryGeneric } from "convex/server";
     export const one = queryGeneric({ args: {}, handler: async () => 1 });`,
  );
  const pushed = await dropping.push();
  expect(pushed.stderr).toContain("Unmounted component counter");
  expect(await query("only:one")).toBe(1);
  await dropping.dispose();
}, 30_000);
