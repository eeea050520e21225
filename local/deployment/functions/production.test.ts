import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { ConvexError } from "convex/values";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Deployment, startDeployment } from "../deployment.ts";
import { CliProject } from "../push/cli-project.ts";

const SCHEMA = `
  import { defineSchema, defineTable } from "convex/server";
  import { v } from "convex/values";
  export default defineSchema({
    notes: defineTable({ text: v.string(), owner: v.string(), vector: v.array(v.number()) })
      .searchIndex("search_text", { searchField: "text", filterFields: ["owner"] })
      .vectorIndex("near", { vectorField: "vector", dimensions: 2, filterFields: ["owner"] }),
  });
`;

const NOTES = `
  import { query, mutation, action } from "./_generated/server";
  import { api } from "./_generated/api";
  import { ConvexError, v } from "convex/values";
  export const add = mutation({
    args: { text: v.string(), owner: v.string(), vector: v.array(v.number()) },
    handler: async (ctx, note) => await ctx.db.insert("notes", note),
  });
  export const search = query({
    args: { text: v.string(), owner: v.string() },
    handler: async (ctx, { text, owner }) => {
      const found = await ctx.db.query("notes")
        .withSearchIndex("search_text", (q) => q.search("text", text).eq("owner", owner)).take(10);
      return found.map((note) => note.text);
    },
  });
  export const near = action({
    args: { vector: v.array(v.number()), owner: v.string() },
    handler: async (ctx, { vector, owner }) => {
      const found = await ctx.vectorSearch("notes", "near", {
        vector, limit: 1, filter: (q) => q.or(q.eq("owner", owner), q.eq("owner", "nobody")),
      });
      return found.map(({ _score }) => _score);
    },
  });
  export const failing = query({ args: {}, handler: async () => {
    console.log("a secret line");
    throw new Error("a secret reason");
  } });
  export const refusing = mutation({ args: {}, handler: async () => {
    throw new ConvexError({ code: "NOT_YOURS", message: "This is not yours.", left: 5n });
  } });
  export const calling = action({ args: {}, handler: async (ctx) => {
    try {
      await ctx.runQuery(api.notes.failing, {});
    } catch (error) {
      return String(error.message);
    }
  } });
`;

const HTTP = `
  import { httpRouter } from "convex/server";
  import { httpAction } from "./_generated/server";
  const http = httpRouter();
  http.route({ path: "/fail", method: "GET", handler: httpAction(async () => {
    throw new Error("a secret reason");
  }) });
  http.route({ path: "/large", method: "GET", handler: httpAction(async (_ctx, request) => {
    const megabytes = Number(new URL(request.url).searchParams.get("megabytes"));
    const piece = new Uint8Array(1024 * 1024);
    let sent = 0;
    return new Response(new ReadableStream({
      pull(controller) {
        if (sent++ < megabytes) controller.enqueue(piece);
        else controller.close();
      },
    }));
  }) });
  export default http;
`;

let folder: string;
let production: Deployment;
let development: Deployment;
const projects: CliProject[] = [];

async function start(name: string, isProduction: boolean): Promise<Deployment> {
  const deployment = await startDeployment({
    dataDir: join(folder, name),
    host: "127.0.0.1",
    port: 0,
    sitePort: 0,
    production: isProduction,
  });
  const project = new CliProject(deployment);
  projects.push(project);
  project.write("convex/schema.ts", SCHEMA);
  project.write("convex/notes.ts", NOTES);
  project.write("convex/http.ts", HTTP);
  await project.push();
  return deployment;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "parley-production-"));
  [production, development] = await Promise.all([
    start("production", true),
    start("development", false),
  ]);
}, 60_000);

afterAll(async () => {
  await Promise.all(projects.map((project) => project.dispose()));
  await Promise.all([production.close(), development.close()]);
  rmSync(folder, { recursive: true });
});

const query = (name: string) => makeFunctionReference<"query">(`notes:${name}`);
const mutation = (name: string) => makeFunctionReference<"mutation">(`notes:${name}`);
const action = (name: string) => makeFunctionReference<"action">(`notes:${name}`);
const http = ({ url }: Deployment) => new ConvexHttpClient(url, { logger: false });

/** What a client is told of the failure, over HTTP and over its socket. */
async function failuresOf(deployment: Deployment, name: string): Promise<string[]> {
  const overHttp = await http(deployment)
    .query(query(name), {})
    .catch((error: Error) => error.message);
  const client = new ConvexClient(deployment.url, { logger: false });
  try {
    const overSocket = await client.query(query(name), {}).catch((error: Error) => error.message);
    return [String(overHttp), String(overSocket)];
  } finally {
    await client.close();
  }
}

test("in production clients learn of a failure only that it was", async () => {
  for (const name of ["failing", "missing"]) {
    const [overHttp, overSocket] = await failuresOf(production, name);
    expect(overHttp).toMatch(/^\[Request ID: [0-9a-f]+\] Server Error$/);
    expect(overSocket).toMatch(/\[Request ID: [0-9a-f]+\] Server Error\n {2}Called by client$/);
  }
  const invalid = http(production).query(query("search"), { text: 1, owner: "a" });
  await expect(invalid).rejects.toThrow(/^\[Request ID: [0-9a-f]+\] Server Error$/);
});

test("in development they learn why", async () => {
  for (const message of await failuresOf(development, "failing")) {
    expect(message).toContain("Server Error\nUncaught Error: a secret reason");
  }
  expect((await failuresOf(development, "missing"))[0]).toContain("Could not find public function");
});

test("the data of a ConvexError reaches the client also in production", async () => {
  const refused = http(production).mutation(mutation("refusing"), {});
  await expect(refused).rejects.toThrow(ConvexError);
  await expect(refused).rejects.toMatchObject({
    message: expect.stringMatching(/^\[Request ID: [0-9a-f]+\] Server Error$/) as string,
    data: { code: "NOT_YOURS", message: "This is not yours.", left: 5n },
  });
  const response = await fetch(`${production.url}/api/mutation`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ path: "notes:refusing", args: {}, format: "json" }),
  });
  expect(await response.json()).toMatchObject({ errorData: { code: "NOT_YOURS", left: "5" } });
});

test("lines that a function printed reach clients in development only", async () => {
  const body = JSON.stringify({ path: "notes:failing", args: {}, format: "json" });
  const linesOf = async ({ url }: Deployment) => {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(`${url}/api/query`, { method: "POST", headers, body });
    return ((await response.json()) as { logLines?: string[] }).logLines;
  };
  expect(await linesOf(production)).toEqual([]);
  expect(await linesOf(development)).toEqual(["[LOG] 'a secret line'"]);
});

test("functions, and the admin, are told everything", async () => {
  expect(await http(production).action(action("calling"), {})).toContain("a secret reason");
  const ran = await projects[0]!.run("run", "notes:failing");
  expect(ran.stderr).toContain("a secret reason");
});

test("a failed HTTP action answers without its reason in production", async () => {
  const bodyOf = async ({ siteUrl }: Deployment) => {
    const response = await fetch(`${siteUrl}/fail`);
    expect(response.status).toBe(500);
    return response.text();
  };
  expect(await bodyOf(production)).not.toContain("secret");
  expect(await bodyOf(development)).toContain("Server Error: a secret reason");
});

test("an HTTP action's answer is cut off beyond 20 MiB", async () => {
  const read = async (megabytes: number) => {
    const response = await fetch(`${development.siteUrl}/large?megabytes=${megabytes}`);
    return (await response.arrayBuffer()).byteLength;
  };
  expect(await read(20)).toBe(20 * 1024 * 1024);
  await expect(read(21)).rejects.toThrow();
});

test("a live search follows what it finds, and vectors are searched from an action", async () => {
  const client = new ConvexClient(production.url, { logger: false });
  const seen: unknown[] = [];
  client.onUpdate(query("search"), { text: "gre", owner: "a" }, (value: unknown) =>
    seen.push(value),
  );
  await vi.waitFor(() => expect(seen).toEqual([[]]));
  const add = (text: string, owner: string, vector: number[]) =>
    client.mutation(mutation("add"), { text, owner, vector });
  await add("a green field", "b", [1, 0]);
  await add("a field without a direction", "b", [NaN, 0]);
  await add("Greetings", "a", [1, 1]);
  await vi.waitFor(() => expect(seen).toEqual([[], ["Greetings"]]));
  const near = (owner: string) => client.action(action("near"), { vector: [2, 0], owner });
  expect(await near("b")).toEqual([1]);
  expect((await near("a")) as number[]).toEqual([expect.closeTo(Math.SQRT1_2)]);
  await client.close();
});
