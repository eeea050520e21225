import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Deployment, startDeployment } from "../deployment.ts";
import { CliProject } from "./cli-project.ts";

/** A component that keeps counters, and mounts another to keep notes. */
const COUNTER = {
  "counter/convex.config.ts": `
    import { defineComponent } from "convex/server";
    import { v } from "convex/values";
    import notebook from "../notebook/convex.config";
    const component = defineComponent("counter", { env: { UNIT: v.string() } });
    component.use(notebook, { httpPrefix: "/notes/" });
    export default component;`,
  "counter/schema.ts": `
    import { defineSchema, defineTable } from "convex/server";
    import { v } from "convex/values";
    export default defineSchema({
      counts: defineTable({ name: v.string(), value: v.number() }).index("by_name", ["name"]),
    });`,
  "counter/counts.ts": `
    import { query, mutation, internalMutation } from "./_generated/server";
    import { components, internal } from "./_generated/api";
    import { v } from "convex/values";
    const find = (ctx, name) =>
      ctx.db.query("counts").withIndex("by_name", (q) => q.eq("name", name)).unique();
    export const value = query({
      args: { name: v.string() },
      returns: v.number(),
      handler: async (ctx, { name }) => (await find(ctx, name))?.value ?? 0,
    });
    export const add = mutation({
      args: { name: v.string(), by: v.number(), thenFail: v.optional(v.boolean()) },
      returns: v.number(),
      handler: async (ctx, { name, by, thenFail }) => {
        const row = await find(ctx, name);
        const value = (row?.value ?? 0) + by;
        if (row) await ctx.db.patch(row._id, { value });
        else await ctx.db.insert("counts", { name, value });
        await ctx.runMutation(components.notebook.notes.write, { text: name + " is " + value });
        if (thenFail) throw new Error("the counter fails");
        return value;
      },
    });
    export const hidden = internalMutation({ args: {}, handler: async () => null });
    export const addLater = mutation({
      args: { name: v.string() },
      handler: async (ctx, { name }) => {
        const job = await ctx.scheduler.runAfter(0, internal.counts.addOne, { name });
        const found = await ctx.db.system.get("_scheduled_functions", job);
        const all = await ctx.db.system.query("_scheduled_functions").collect();
        return { name: found.name, count: all.length };
      },
    });
    export const addOne = internalMutation({
      args: { name: v.string() },
      handler: async (ctx, { name }) => {
        await ctx.db.insert("counts", { name, value: 1 });
      },
    });
    export const callBack = mutation({
      args: { handle: v.string() },
      handler: async (ctx, { handle }) => {
        await ctx.scheduler.runAfter(0, handle, { text: "scheduled by the component" });
        return await ctx.runMutation(handle, { text: "called by the component" });
      },
    });
    export const surroundings = query({
      args: {},
      handler: async (ctx) => ({
        unit: process.env.UNIT ?? null,
        secret: process.env.SECRET ?? null,
        site: process.env.CONVEX_SITE_URL,
        identity: await ctx.auth.getUserIdentity(),
        path: (await ctx.meta.getFunctionMetadata()).componentPath,
      }),
    });
    export const page = query({
      args: {},
      handler: (ctx) => ctx.db.query("counts").paginate({ numItems: 1, cursor: null }),
    });`,
  "notebook/convex.config.ts": `
    import { defineComponent } from "convex/server";
    export default defineComponent("notebook");`,
  "notebook/schema.ts": `
    import { defineSchema, defineTable } from "convex/server";
    import { v } from "convex/values";
    export default defineSchema({ notes: defineTable({ text: v.string() }) });`,
  "notebook/notes.ts": `
    import { mutation, query } from "./_generated/server";
    import { v } from "convex/values";
    export const write = mutation({
      args: { text: v.string() },
      handler: async (ctx, { text }) => void (await ctx.db.insert("notes", { text })),
    });
    export const count = query({
      args: {},
      handler: async (ctx) => (await ctx.db.query("notes").collect()).length,
    });`,
  "notebook/http.ts": `
    import { httpRouter } from "convex/server";
    import { httpAction } from "./_generated/server";
    import { api } from "./_generated/api";
    const http = httpRouter();
    http.route({
      path: "/count",
      method: "GET",
      handler: httpAction(async (ctx, request) =>
        Response.json({ count: await ctx.runQuery(api.notes.count, {}), url: request.url })),
    });
    export default http;`,
};

const APP = {
  "convex/convex.config.ts": `
    import { defineApp } from "convex/server";
    import { v } from "convex/values";
    import counter from "../counter/convex.config";
    import rateLimiter from "@convex-dev/rate-limiter/convex.config";
    import aggregate from "@convex-dev/aggregate/convex.config";
    const app = defineApp({ env: { SECRET: v.optional(v.string()), WEIGHT: v.string() } });
    app.use(counter, { httpPrefix: "/counter/", env: { UNIT: app.env.WEIGHT } });
    app.use(counter, { name: "other", env: { UNIT: "litres" } });
    app.use(rateLimiter);
    app.use(aggregate);
    export default app;`,
  "convex/schema.ts": `
    import { defineSchema, defineTable } from "convex/server";
    import { v } from "convex/values";
    export default defineSchema({
      scores: defineTable({ player: v.string(), points: v.number() }),
      heard: defineTable({ text: v.string(), job: v.optional(v.id("_scheduled_functions")) }),
    });`,
  "convex/counting.ts": `
    import { query, mutation, action, internalMutation } from "./_generated/server";
    import { components, internal } from "./_generated/api";
    import { createFunctionHandle } from "convex/server";
    import { v } from "convex/values";
    export const value = query({
      args: { name: v.string() },
      handler: (ctx, args): Promise<number> => ctx.runQuery(components.counter.counts.value, args),
    });
    export const otherValue = query({
      args: { name: v.string() },
      handler: (ctx, args): Promise<number> => ctx.runQuery(components.other.counts.value, args),
    });
    export const add = mutation({
      args: { name: v.string(), by: v.number() },
      handler: (ctx, args): Promise<number> => ctx.runMutation(components.counter.counts.add, args),
    });
    export const addInAction = action({
      args: { name: v.string() },
      handler: (ctx, { name }): Promise<number> =>
        ctx.runMutation(components.counter.counts.add, { name, by: 1 }),
    });
    export const addAndSurvive = mutation({
      args: { name: v.string() },
      handler: async (ctx, { name }): Promise<string> => {
        await ctx.runMutation(components.counter.counts.add, { name, by: 1 });
        try {
          await ctx.runMutation(components.counter.counts.add, { name, by: 10, thenFail: true });
          return "nothing failed";
        } catch (error) {
          return (error as Error).message;
        }
      },
    });
    export const addAndFail = mutation({
      args: { name: v.string() },
      handler: async (ctx, { name }): Promise<null> => {
        await ctx.runMutation(components.counter.counts.add, { name, by: 1 });
        throw new Error("the app fails");
      },
    });
    export const addLater = mutation({
      args: { name: v.string() },
      handler: async (ctx, args): Promise<unknown> => ({
        inComponent: await ctx.runMutation(components.counter.counts.addLater, args),
        inApp: (await ctx.db.system.query("_scheduled_functions").collect()).length,
      }),
    });
    export const hear = internalMutation({
      args: { text: v.string() },
      handler: async (ctx, { text }) => void (await ctx.db.insert("heard", { text })),
    });
    export const heard = query({
      args: {},
      handler: async (ctx) => (await ctx.db.query("heard").collect()).map(({ text }) => text).sort(),
    });
    export const callBack = mutation({
      args: {},
      handler: async (ctx): Promise<null> => {
        const handle = await createFunctionHandle(internal.counting.hear);
        await ctx.runMutation(components.counter.counts.callBack, { handle });
        return null;
      },
    });
    export const surroundings = query({
      args: {},
      handler: (ctx): Promise<unknown> => ctx.runQuery(components.counter.counts.surroundings, {}),
    });
    export const reachHidden = mutation({
      args: {},
      handler: (ctx): Promise<unknown> =>
        ctx.runMutation((components.counter.counts as any).hidden, {}),
    });
    export const reachNothing = mutation({
      args: {},
      handler: (ctx): Promise<unknown> => ctx.runMutation((components as any).absent.mod.fn, {}),
    });
    export const page = query({
      args: {},
      handler: (ctx): Promise<unknown> => ctx.runQuery(components.counter.counts.page, {}),
    });`,
  "convex/published.ts": `
    import { query, mutation } from "./_generated/server";
    import { components } from "./_generated/api";
    import type { DataModel } from "./_generated/dataModel";
    import { RateLimiter, MINUTE } from "@convex-dev/rate-limiter";
    import { TableAggregate } from "@convex-dev/aggregate";
    import { v } from "convex/values";
    const limiter = new RateLimiter(components.rateLimiter, {
      send: { kind: "token bucket", rate: 3, period: MINUTE, capacity: 3 },
    });
    const ranking = new TableAggregate<{ Key: number; DataModel: DataModel; TableName: "scores" }>(
      components.aggregate,
      { sortKey: (doc) => doc.points, sumValue: (doc) => doc.points },
    );
    export const send = mutation({
      args: { key: v.string() },
      handler: async (ctx, { key }) => await limiter.limit(ctx, "send", { key }),
    });
    export const remaining = query({
      args: { key: v.string() },
      handler: async (ctx, { key }) => Math.floor((await limiter.getValue(ctx, "send", { key })).value),
    });
    export const score = mutation({
      args: { player: v.string(), points: v.number(), thenFail: v.optional(v.boolean()) },
      handler: async (ctx, { player, points, thenFail }) => {
        const id = await ctx.db.insert("scores", { player, points });
        await ranking.insert(ctx, (await ctx.db.get(id))!);
        if (thenFail) throw new Error("not counted");
      },
    });
    export const standing = query({
      args: { points: v.number() },
      handler: async (ctx, { points }) => ({
        count: await ranking.count(ctx),
        sum: await ranking.sum(ctx),
        below: await ranking.indexOf(ctx, points),
        best: (await ranking.max(ctx))?.key ?? null,
      }),
    });`,
  "convex/tsconfig.json": `{
    "compilerOptions": {
      "target": "ESNext", "module": "ESNext", "moduleResolution": "Bundler", "strict": true,
      "lib": ["ES2023", "DOM"], "skipLibCheck": true, "noEmit": true, "types": []
    },
    "include": ["."]
  }`,
};

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
  await expect(query("counting:page")).rejects.toThrow("paginate() is only supported in the app");
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
