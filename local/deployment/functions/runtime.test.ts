import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Deployment, startDeployment } from "../deployment.ts";
import { CliProject } from "../push/cli-project.ts";
import { FunctionThread } from "./threads/function-thread.ts";

const PROJECT = {
  "convex/schema.ts": `
    import { defineSchema, defineTable } from "convex/server";
    import { v } from "convex/values";
    export default defineSchema({ notes: defineTable({ text: v.string() }) });`,
  "convex/notes.ts": `
    import { query, mutation, internalMutation } from "./_generated/server";
    import { v } from "convex/values";
    export const write = internalMutation({
      args: { text: v.string() },
      handler: async (ctx, { text }) => void (await ctx.db.insert("notes", { text })),
    });
    export const list = query({
      args: {},
      handler: async (ctx) => (await ctx.db.query("notes").collect()).map(({ text }) => text).sort(),
    });`,
  "convex/onNode.ts": `"use node";
    import { createHash } from "node:crypto";
    import { mkdtemp, readFile, writeFile } from "node:fs/promises";
    import { tmpdir } from "node:os";
    import path from "node:path";
    import { gzipSync, gunzipSync } from "node:zlib";
    import { jwtVerify, SignJWT } from "jose";
    import { action, internalAction } from "./_generated/server";
    import { api, internal } from "./_generated/api";
    import { v } from "convex/values";
    export const builtIns = action({
      args: { text: v.string() },
      handler: async (_ctx, { text }) => {
        const file = path.join(await mkdtemp(path.join(tmpdir(), "convex-")), "note");
        await writeFile(file, gzipSync(text));
        const back = gunzipSync(await readFile(file)).toString("utf8");
        return { back, sha256: createHash("sha256").update(back).digest("hex"), buffer: typeof Buffer };
      },
    });
    export const npmPackage = action({
      args: {},
      handler: async () => {
        const key = new TextEncoder().encode("a secret of more than thirty-two bytes");
        const token = await new SignJWT({ a: 1 }).setProtectedHeader({ alg: "HS256" }).sign(key);
        return (await jwtVerify(token, key)).payload.a;
      },
    });
    export const variables = action({
      args: {},
      handler: async () => [process.env.GREETING ?? null, process.env.PATH ?? null],
    });
    export const everything = action({
      args: {},
      handler: async (ctx) => {
        console.log("from Node");
        await ctx.runMutation(internal.notes.write, { text: "by a Node action" });
        await ctx.scheduler.runAfter(0, internal.onNode.later, {});
        const id = await ctx.storage.store(new Blob(["stored"], { type: "text/plain" }));
        const blob = await ctx.storage.get(id);
        return { notes: await ctx.runQuery(api.notes.list, {}), stored: await blob.text() };
      },
    });
    export const later = internalAction({
      args: {},
      handler: (ctx) => ctx.runMutation(internal.notes.write, { text: "by a scheduled Node action" }),
    });
    export const fails = action({
      args: {},
      handler: async () => {
        throw new Error("not in Node either");
      },
    });`,
  "convex/scheduling.ts": `
    import { query, mutation, internalAction } from "./_generated/server";
    import { internal } from "./_generated/api";
    import { createFunctionHandle } from "convex/server";
    import { v } from "convex/values";
    export const inAnHour = mutation({
      args: {},
      handler: (ctx) => ctx.scheduler.runAfter(3_600_000, internal.notes.write, { text: "too late" }),
    });
    export const cancel = mutation({
      args: { id: v.id("_scheduled_functions") },
      handler: (ctx, { id }) => ctx.scheduler.cancel(id),
    });
    export const job = query({
      args: { id: v.id("_scheduled_functions") },
      handler: (ctx, { id }) => ctx.db.system.get(id),
    });
    export const withHandle = mutation({
      args: {},
      handler: async (ctx) => {
        const handle = await createFunctionHandle(internal.notes.write);
        await ctx.scheduler.runAt(Date.now(), handle, { text: "by a handle" });
      },
    });
    export const at = mutation({
      args: { time: v.number() },
      handler: (ctx, { time }) => ctx.scheduler.runAt(time, internal.notes.write, { text: "never" }),
    });
    export const slow = internalAction({
      args: {},
      handler: async (ctx) => {
        await ctx.runMutation(internal.notes.write, { text: "slow has begun" });
        await new Promise((resolve) => setTimeout(resolve, 700));
        await ctx.scheduler.runAfter(0, internal.notes.write, { text: "by one that was cancelled" });
        await ctx.runMutation(internal.notes.write, { text: "slow has ended" });
      },
    });
    export const startSlow = mutation({
      args: {},
      handler: (ctx) => ctx.scheduler.runAfter(0, internal.scheduling.slow, {}),
    });`,
  "convex/crons.ts": `
    import { cronJobs } from "convex/server";
    import { internal } from "./_generated/api";
    const crons = cronJobs();
    const args = (text) => ({ text });
    crons.interval("seconds", { seconds: 2 }, internal.notes.write, args("each two seconds"));
    crons.interval("hours", { hours: 3 }, internal.onNode.later);
    crons.hourly("hourly", { minuteUTC: 7 }, internal.notes.write, args("hourly"));
    crons.daily("daily", { hourUTC: 3, minuteUTC: 30 }, internal.notes.write, args("daily"));
    crons.weekly("weekly", { dayOfWeek: "tuesday", hourUTC: 1, minuteUTC: 0 }, internal.notes.write, args("weekly"));
    crons.monthly("monthly", { day: 31, hourUTC: 0, minuteUTC: 0 }, internal.notes.write, args("monthly"));
    crons.cron("pattern", "15 */2 * * 1-5", internal.notes.write, args("pattern"));
    export default crons;`,
  "convex/http.ts": `
    import { httpRouter } from "convex/server";
    import { httpAction } from "./_generated/server";
    const http = httpRouter();
    const name = (text) => httpAction(async (_ctx, request) =>
      new Response(text + " " + new URL(request.url).pathname));
    http.route({ pathPrefix: "/files/", method: "GET", handler: name("files") });
    http.route({ pathPrefix: "/files/deep/", method: "GET", handler: name("deep") });
    http.route({ path: "/files/exact", method: "GET", handler: name("exact") });
    http.route({
      path: "/stream",
      method: "POST",
      handler: httpAction(async (_ctx, request) => {
        const { count } = await request.json();
        const { readable, writable } = new TransformStream();
        const writer = writable.getWriter();
        const write = async () => {
          for (let piece = 1; piece <= count; piece++) {
            await writer.write(new TextEncoder().encode("piece " + piece + ";"));
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
          await writer.close();
        };
        void write();
        return new Response(readable, { headers: { "Content-Type": "text/plain", "X-Own": "yes" } });
      }),
    });
    export default http;`,
};

let dataDir: string;
let deployment: Deployment;
let project: CliProject;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "parley-runtime-"));
  deployment = await startDeployment({ dataDir, host: "127.0.0.1", port: 0, sitePort: 0 });
  project = new CliProject(deployment);
  for (const [path, text] of Object.entries(PROJECT)) project.write(path, text);
  await project.run("env", "set", "GREETING", "good morning");
  await project.push();
});

afterAll(async () => {
  await project.dispose();
  await deployment.close();
  rmSync(dataDir, { recursive: true });
});

const http = () => new ConvexHttpClient(deployment.url, { logger: false });
const query = (name: string, args = {}): Promise<unknown> =>
  http().query(makeFunctionReference<"query">(name), args);
const mutation = (name: string, args = {}): Promise<unknown> =>
  http().mutation(makeFunctionReference<"mutation">(name), args);
const action = (name: string, args = {}): Promise<unknown> =>
  http().action(makeFunctionReference<"action">(name), args);
const notes = () => query("notes:list") as Promise<string[]>;
const logsAfter = async (cursor: number) => {
  const headers = { Authorization: `Convex ${deployment.adminKey}` };
  const url = `${deployment.url}/api/stream_function_logs?cursor=${cursor}`;
  return (await (await fetch(url, { headers })).json()) as {
    newCursor: number;
    entries: { identifier: string; environment: string }[];
  };
};

test("a Node action has Node's modules, npm packages and its own variables", async () => {
  expect(await action("onNode:builtIns", { text: "hello" })).toEqual({
    back: "hello",
    sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
    buffer: "function",
  });
  expect(await action("onNode:npmPackage")).toBe(1);
  expect(await action("onNode:variables")).toEqual(["good morning", null]);
});

test("a Node action calls functions, schedules, and stores files", async () => {
  const { notes: seen, stored } = (await action("onNode:everything")) as {
    notes: string[];
    stored: string;
  };
  expect(seen).toContain("by a Node action");
  expect(stored).toBe("stored");
  await vi.waitFor(async () => expect(await notes()).toContain("by a scheduled Node action"));
});

test("the log tells what ran in Node's runtime", async () => {
  const { newCursor } = await logsAfter(0);
  await action("onNode:variables");
  await notes();
  const { entries } = await logsAfter(newCursor);
  const environmentOf = new Map(entries.map((e) => [e.identifier, e.environment]));
  expect(environmentOf.get("onNode:variables")).toBe("node");
  expect(environmentOf.get("notes:list")).toBe("isolate");
});

test("what a Node action throws is told", async () => {
  await expect(action("onNode:fails")).rejects.toThrow("Uncaught Error: not in Node either");
});

test("a scheduled function is seen, and does not run once it is cancelled", async () => {
  const id = await mutation("scheduling:inAnHour");
  expect(await query("scheduling:job", { id })).toMatchObject({
    _id: id,
    name: "notes.js:write",
    args: [{ text: "too late" }],
    state: { kind: "pending" },
  });
  await mutation("scheduling:cancel", { id });
  expect(await query("scheduling:job", { id })).toMatchObject({ state: { kind: "canceled" } });
});

test("an action that is cancelled while it runs ends, and what it schedules then does not run", async () => {
  const id = await mutation("scheduling:startSlow");
  await vi.waitFor(async () => expect(await notes()).toContain("slow has begun"), 5_000);
  await mutation("scheduling:cancel", { id });
  await vi.waitFor(async () => expect(await notes()).toContain("slow has ended"), 5_000);
  expect(await query("scheduling:job", { id })).toMatchObject({ state: { kind: "canceled" } });
  await mutation("scheduling:withHandle");
  await vi.waitFor(async () => expect(await notes()).toContain("by a handle"), 5_000);
  expect(await notes()).not.toContain("by one that was cancelled");
});

test.each([5, Date.now() + 6 * 366 * 24 * 3_600_000])(
  "nothing is scheduled for %d, which is more than five years away",
  async (time) => {
    await expect(mutation("scheduling:at", { time })).rejects.toThrow("more than 5 years in the");
  },
);

test("cron jobs of every kind are taken over, and one with an interval runs again and again", async () => {
  await vi.waitFor(async () => {
    const runs = (await notes()).filter((text) => text === "each two seconds");
    expect(runs.length).toBeGreaterThanOrEqual(2);
  }, 10_000);
  expect(await notes()).not.toContain("monthly");
});

test.each([
  ["/files/a/b", "files /files/a/b"],
  ["/files/deep/a", "deep /files/deep/a"],
  ["/files/exact", "exact /files/exact"],
])("%s is answered by the closest route", async (path, text) => {
  const response = await fetch(deployment.siteUrl + path);
  expect(await response.text()).toBe(text);
});

test("an HTTP action's answer arrives piece by piece", async () => {
  const response = await fetch(`${deployment.siteUrl}/stream`, {
    method: "POST",
    body: JSON.stringify({ count: 4 }),
  });
  expect(response.headers.get("X-Own")).toBe("yes");
  const pieces: string[] = [];
  const decoder = new TextDecoder();
  for await (const bytes of response.body!) pieces.push(decoder.decode(bytes));
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.join("")).toBe("piece 1;piece 2;piece 3;piece 4;");
});

test("an HTTP action whose reader leaves ends once, and has not failed", async () => {
  const { newCursor } = await logsAfter(0);
  const leave = new AbortController();
  const response = await fetch(`${deployment.siteUrl}/stream`, {
    method: "POST",
    body: JSON.stringify({ count: 100 }),
    signal: leave.signal,
  });
  await response.body!.getReader().read();
  leave.abort();
  await vi.waitFor(async () => {
    const { entries } = await logsAfter(newCursor);
    expect(entries).toMatchObject([{ identifier: "POST /stream", error: null }]);
  });
  // As long as a next piece would take.
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect((await logsAfter(newCursor)).entries).toHaveLength(1);
});

test("after a start a function waits for its module, however long that takes to load", async () => {
  await deployment.close();
  deployment = await startDeployment({ dataDir, host: "127.0.0.1", port: 0, sitePort: 0 });
  const { describe } = FunctionThread.prototype;
  const slowly = vi.spyOn(FunctionThread.prototype, "describe");
  slowly.mockImplementation(async function (this: FunctionThread<unknown>, module) {
    await new Promise((resolve) => setTimeout(resolve, 4000));
    return describe.call(this, module);
  });
  expect(await notes()).toContain("each two seconds");
  expect(slowly).toHaveBeenCalled();
  slowly.mockRestore();
});
