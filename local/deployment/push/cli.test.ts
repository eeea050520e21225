import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Deployment, startDeployment } from "../deployment.ts";
import { setVariables } from "../fixture/push.ts";
import { CliProject } from "./cli-project.ts";

const SCHEMA = `
  import { defineSchema, defineTable } from "convex/server";
  import { v } from "convex/values";
  export default defineSchema({ notes: defineTable({ text: v.string() }) });
`;

const NOTES = `
  import { query, mutation, action, internalMutation } from "./_generated/server";
  import { api, internal } from "./_generated/api";
  import { v } from "convex/values";
  export const list = query({ args: {}, handler: async (ctx) => await ctx.db.query("notes").collect() });
  export const add = mutation({
    args: { text: v.string() },
    returns: v.id("notes"),
    handler: async (ctx, { text }) => {
      console.log("adding", { text });
      return await ctx.db.insert("notes", { text });
    },
  });
  export const addHidden = internalMutation({
    args: { text: v.string() },
    handler: async (ctx, { text }) => void (await ctx.db.insert("notes", { text })),
  });
  export const addTwice = action({
    args: {},
    handler: async (ctx) => {
      await ctx.runMutation(api.notes.add, { text: "one" });
      await ctx.runMutation(internal.notes.addHidden, { text: "two" });
      return (await ctx.runQuery(api.notes.list, {})).length;
    },
  });
  export const variable = query({ args: {}, handler: async () => process.env.GREETING ?? null });
  export const hidden = query({ args: {}, handler: async () => process.env.PATH ?? null });
`;

let dataDir: string;
let deployment: Deployment;
let project: CliProject;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "parley-push-"));
  deployment = await startDeployment({ dataDir, host: "127.0.0.1", port: 0, sitePort: 0 });
  project = new CliProject(deployment);
  project.write("convex/schema.ts", SCHEMA);
  project.write("convex/notes.ts", NOTES);
  await project.push();
});

afterAll(async () => {
  await project.dispose();
  await deployment.close();
  rmSync(dataDir, { recursive: true });
});

const http = () => new ConvexHttpClient(deployment.url, { logger: false });
const query = (path: string, args = {}): Promise<unknown> =>
  http().query(makeFunctionReference<"query">(path), args);

test("a push generates typed code and its functions run", async () => {
  expect(project.read("convex/_generated/api.d.ts")).toContain("notes: typeof notes");
  const ran = await project.run("run", "notes:addTwice");
  expect(ran).toMatchObject({ code: 0, stdout: "2\n" });
  expect(await query("notes:list")).toHaveLength(2);
});

test("the admin may run internal functions, and a wrong name is answered with the right ones", async () => {
  const args = ["run", "notes:addHidden", '{"text":"from the admin"}'];
  expect(await project.run(...args)).toMatchObject({ code: 0 });
  const wrong = await project.run("run", "notes:nothing");
  expect(wrong.code).not.toBe(0);
  expect(wrong.stderr).toContain("Could not find function for 'notes:nothing'");
  expect(wrong.stderr).toContain("notes:addHidden");
});

test("the admin asks with a query that nobody has pushed", async () => {
  const ask = (...args: string[]) => project.run("run", "--inline-query", ...args);
  const { length } = (await query("notes:list")) as unknown[];
  expect(await ask('(await ctx.db.query("notes").collect()).length')).toMatchObject({
    code: 0,
    stdout: `${length}\n`,
  });
  const whole = 'const all = await ctx.runQuery("notes:list"); return all.map(({ text }) => text);';
  expect(JSON.parse((await ask(whole)).stdout)).toHaveLength(length);
  const writing = await ask('await ctx.db.insert("notes", { text: "made up" })');
  expect(writing.code).not.toBe(0);
  expect(writing.stderr).toContain("ctx.db.insert is not a function");
  expect(await query("notes:list")).toHaveLength(length);
});

test("the CLI finds nothing wrong with the network", async () => {
  const tested = await project.run("network-test");
  expect(tested.code).toBe(0);
  expect(tested.stderr).toContain("Network test passed");
});

test("what belongs to a plan of Convex's cloud is refused in a sentence", async () => {
  for (const command of [["usage"], ["usage-limits", "list"]]) {
    const refused = await project.run("deployment", ...command);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain("This deployment measures no usage");
  }
});

test("the MCP server's questions about tables are answered", async () => {
  const headers = {
    "Content-Type": "application/json",
    Authorization: `Convex ${deployment.adminKey}`,
  };
  const body = JSON.stringify({ path: "_system/frontend/getSchemas", args: {} });
  const schemas = await fetch(`${deployment.url}/api/function`, { method: "POST", headers, body });
  const { value } = (await schemas.json()) as { value: { active: string } };
  expect(JSON.parse(value.active)).toMatchObject({ tables: [{ tableName: "notes" }] });
  const shapes = await fetch(`${deployment.url}/api/shapes2`, { headers });
  expect(await shapes.json()).toEqual({ notes: { type: "Unknown" } });
});

test("codegen alone changes nothing on the deployment", async () => {
  project.write("convex/more.ts", `export const constant = 1;${NOTES}`);
  expect(await project.run("codegen", "--typecheck", "disable")).toMatchObject({ code: 0 });
  expect(project.read("convex/_generated/api.d.ts")).toContain("more");
  await expect(query("more:list")).rejects.toThrow("Could not find public function");
  project.remove("convex/more.ts");
});

test("environment variables are set, shown and removed, and live queries see each change", async () => {
  const client = new ConvexClient(deployment.url, { logger: false });
  const seen: unknown[] = [];
  client.onUpdate(makeFunctionReference<"query">("notes:variable"), {}, (value) =>
    seen.push(value),
  );
  await vi.waitFor(() => expect(seen).toEqual([null]));
  await project.run("env", "set", "GREETING", "good morning");
  await vi.waitFor(() => expect(seen).toEqual([null, "good morning"]));
  expect(await project.run("env", "get", "GREETING")).toMatchObject({ stdout: "good morning\n" });
  expect((await project.run("env", "list")).stdout).toContain("GREETING=good morning");
  await project.run("env", "remove", "GREETING");
  await vi.waitFor(() => expect(seen).toEqual([null, "good morning", null]));
  await client.close();
  for (const name of ["1BAD", "CONVEX_SITE_URL"]) {
    const refused = await project.run("env", "set", name, "x");
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain(name);
  }
});

test("a provider of sign-in is made of variables: it changes with them, or they do not change", async () => {
  project.write(
    "convex/auth.config.ts",
    `export default { providers: [{ domain: process.env.ISSUER, applicationID: "app" }] };`,
  );
  const push = () => project.run("dev", "--once", "--typecheck", "disable");
  const issueBy = (ISSUER: string) => setVariables(deployment, { ISSUER });
  await issueBy("no address");
  const refused = await push();
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain('Invalid provider domain URL "no address"');
  await issueBy("https://old.example.com");
  expect(await push()).toMatchObject({ code: 0 });
  expect(await signInWith("http://127.0.0.1:1")).toContain("No auth provider found");
  await issueBy("http://127.0.0.1:1");
  expect(await signInWith("https://old.example.com")).toContain("No auth provider found");
  expect(await signInWith("http://127.0.0.1:1")).not.toContain("No auth provider found");
  const stopped = await project.run("env", "set", "ISSUER", "no address");
  expect(stopped.code).not.toBe(0);
  expect(stopped.stderr).toContain("This change would make the auth config invalid");
  expect(await signInWith("http://127.0.0.1:1")).not.toContain("No auth provider found");
  project.remove("convex/auth.config.ts");
});

/** Why a token of this issuer, which nobody signed, is refused. */
async function signInWith(issuer: string): Promise<string> {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const claims = { iss: issuer, aud: "app", sub: "ada", exp: Date.now() / 1000 + 60 };
  const response = await fetch(`${deployment.url}/api/query`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Authorization: `Bearer ${encode({ alg: "RS256" })}.${encode(claims)}.AAAA`,
    },
    body: JSON.stringify({ path: "notes:list", args: {} }),
  });
  return await response.text();
}

test("functions see their own variables and nothing of the machine's", async () => {
  expect(await query("notes:hidden")).toBeNull();
});

test("a schema that a stored document breaks is refused with the document's id and path", async () => {
  const [note] = (await query("notes:list")) as { _id: string }[];
  project.write("convex/schema.ts", SCHEMA.replace("v.string()", "v.number()"));
  const refused = await project.run("dev", "--once", "--typecheck", "disable");
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain("Schema validation failed");
  expect(refused.stderr).toContain(note!._id);
  expect(refused.stderr).toContain(".text");
  expect(await query("notes:list")).not.toHaveLength(0);
  project.write("convex/schema.ts", SCHEMA);
});

test("a new index is filled from the documents that are there", async () => {
  project.write(
    "convex/schema.ts",
    SCHEMA.replace("v.string() })", 'v.string() }).index("by_text", ["text"])'),
  );
  project.write(
    "convex/byText.ts",
    `import { query } from "./_generated/server";
     export const find = query({ args: {}, handler: async (ctx) =>
       (await ctx.db.query("notes").withIndex("by_text", (q) => q.eq("text", "one")).collect()).length });`,
  );
  expect((await project.push()).stderr).toContain("notes.by_text");
  expect(await query("byText:find")).toBe(1);
});

test("code that throws while it loads is refused in its author's words, and the old code stays", async () => {
  project.write("convex/broken.ts", `throw new Error("not today");\nexport const x = 1;`);
  const refused = await project.run("dev", "--once", "--typecheck", "disable");
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain("Failed to analyze broken.js: Uncaught Error: not today");
  expect(refused.stderr).toContain("convex/broken.ts:1");
  expect(await query("byText:find")).toBe(1);
  project.remove("convex/broken.ts");
});

test("a mutation in Node's runtime is refused, which has no transactions", async () => {
  project.write(
    "convex/onNode.ts",
    `"use node";
     import { mutation } from "./_generated/server";
     export const write = mutation({ args: {}, handler: async () => null });`,
  );
  const refused = await project.run("dev", "--once", "--typecheck", "disable");
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain("`write` defined in `onNode.js` is a Mutation function.");
  expect(await query("byText:find")).toBe(1);
  project.remove("convex/onNode.ts");
});

test("a cron job that can never run is refused, and the old code stays", async () => {
  project.write(
    "convex/crons.ts",
    `import { cronJobs } from "convex/server";
     import { internal } from "./_generated/api";
     const crons = cronJobs();
     crons.cron("report", "61 * * * *", internal.notes.addHidden, { text: "a report" });
     export default crons;`,
  );
  const refused = await project.run("dev", "--once", "--typecheck", "disable");
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain('The schedule of the cron job "report" is invalid');
  expect(await query("byText:find")).toBe(1);
  project.remove("convex/crons.ts");
});

test("dev watches: an edited function is live for who watches it", async () => {
  const client = new ConvexClient(deployment.url, { logger: false });
  const seen: unknown[] = [];
  const edit = (text: string) =>
    project.write(
      "convex/edited.ts",
      `import { query } from "./_generated/server";
       export const text = query({ args: {}, handler: async () => ${JSON.stringify(text)} });`,
    );
  edit("before");
  const dev = project.start("dev", "--typecheck", "disable", "--tail-logs", "disable");
  await vi.waitFor(() => expect(dev.output()).toContain("Convex functions ready"), 20_000);
  client.onUpdate(makeFunctionReference<"query">("edited:text"), {}, (value) => seen.push(value));
  await vi.waitFor(() => expect(seen).toEqual(["before"]), 5_000);
  edit("after");
  await vi.waitFor(() => expect(seen).toEqual(["before", "after"]), 20_000);
  await client.close();
});

test("logs shows what functions print", async () => {
  const logs = project.start("logs", "--success");
  await vi.waitFor(() => expect(logs.output()).toContain("Watching logs"), 10_000);
  await vi.waitFor(async () => {
    await http().mutation(makeFunctionReference<"mutation">("notes:add"), { text: "seen" });
    expect(logs.output()).toContain("[LOG] 'adding' { text: 'seen' }");
  }, 10_000);
});

test("without the admin key nobody pushes, sets variables or reads logs", async () => {
  const post = { method: "POST", body: "{}" };
  for (const [path, init] of [
    ["/api/deploy2/start_push", post],
    ["/api/deploy2/finish_push", post],
    ["/api/update_environment_variables", post],
    ["/api/get_config_hashes", post],
    ["/api/stream_function_logs?cursor=0", {}],
  ] as const) {
    const answer = await fetch(deployment.url + path, init);
    expect([path, answer.status]).toEqual([path, 401]);
  }
});

test("a push that unpacks to more than the limit is refused", async () => {
  const answer = await fetch(`${deployment.url}/api/deploy2/start_push`, {
    method: "POST",
    headers: { Authorization: `Convex ${deployment.adminKey}`, "Content-Encoding": "br" },
    body: brotliCompressSync(Buffer.alloc(130 * 1024 * 1024, " "), {
      params: { [constants.BROTLI_PARAM_QUALITY]: 1 },
    }),
  });
  expect(answer.status).toBe(400);
});
