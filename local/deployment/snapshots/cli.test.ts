import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Deployment, startDeployment } from "../deployment.ts";
import { CliProject } from "../push/cli-project.ts";

const AUTHORS = "authors: defineTable({ name: v.string(), picture: v.optional(v.id('_storage')) })";
const BOOKS = `books: defineTable({ author: v.id("authors"), title: v.string(), pages: v.optional(v.int64()) })
  .index("by_author", ["author"])
  .searchIndex("search_title", { searchField: "title" })
  .vectorIndex("near", { vectorField: "vector", dimensions: 2 })`;

/** Tables get their numbers in the order in which they come. */
const schemaOf = (...tables: string[]) => `
  import { defineSchema, defineTable } from "convex/server";
  import { v } from "convex/values";
  export default defineSchema({ ${tables.join(", ")} });
`;

const LIBRARY = `
  import { query, mutation, action } from "./_generated/server";
  import { internal, api } from "./_generated/api";
  import { v } from "convex/values";
  export const addAuthor = mutation({
    args: { name: v.string() },
    handler: async (ctx, { name }) => await ctx.db.insert("authors", { name }),
  });
  export const addBook = mutation({
    args: { author: v.id("authors"), title: v.string(), pages: v.optional(v.int64()) },
    returns: v.id("books"),
    handler: async (ctx, book) => await ctx.db.insert("books", book),
  });
  export const givePicture = mutation({
    args: { author: v.id("authors"), picture: v.id("_storage") },
    handler: async (ctx, { author, picture }) => await ctx.db.patch(author, { picture }),
  });
  export const paint = action({
    args: { author: v.id("authors"), text: v.string() },
    handler: async (ctx, { author, text }) => {
      const picture = await ctx.storage.store(new Blob([text], { type: "image/png" }));
      await ctx.runMutation(api.library.givePicture, { author, picture });
    },
  });
  export const all = query({
    args: {},
    handler: async (ctx) => ({
      authors: await ctx.db.query("authors").collect(),
      books: await ctx.db.query("books").collect(),
    }),
  });
  export const byAuthor = query({
    args: { author: v.id("authors") },
    handler: async (ctx, { author }) => {
      const { picture } = (await ctx.db.get(author))!;
      return {
        url: picture ? await ctx.storage.getUrl(picture) : null,
        books: await ctx.db.query("books").withIndex("by_author", (q) => q.eq("author", author)).collect(),
      };
    },
  });
  export const search = query({
    args: { text: v.string() },
    handler: async (ctx, { text }) => {
      console.log("searching", text);
      return await ctx.db.query("books").withSearchIndex("search_title", (q) => q.search("title", text)).collect();
    },
  });
`;

interface Library {
  authors: { _id: string; name: string }[];
  books: { _id: string; title: string }[];
}

const started: { deployment: Deployment; dataDir: string; project: CliProject }[] = [];
let source: (typeof started)[number];
let target: (typeof started)[number];

async function start(schema: string): Promise<(typeof started)[number]> {
  const dataDir = mkdtempSync(join(tmpdir(), "parley-snapshots-"));
  const deployment = await startDeployment({ dataDir, host: "127.0.0.1", port: 0, sitePort: 0 });
  const project = new CliProject(deployment);
  project.write("convex/schema.ts", schema);
  project.write("convex/library.ts", LIBRARY);
  const own = { deployment, dataDir, project };
  started.push(own);
  await project.push();
  return own;
}

function client({ deployment }: { deployment: Deployment }): ConvexHttpClient {
  return new ConvexHttpClient(deployment.url, { logger: false });
}

const query = (of: { deployment: Deployment }, name: string, args = {}): Promise<unknown> =>
  client(of).query(makeFunctionReference<"query">(`library:${name}`), args);
const mutate = (of: { deployment: Deployment }, name: string, args = {}): Promise<unknown> =>
  client(of).mutation(makeFunctionReference<"mutation">(`library:${name}`), args);

beforeAll(async () => {
  [source, target] = await Promise.all([
    start(schemaOf(AUTHORS, BOOKS)),
    start(schemaOf("other: defineTable({})", BOOKS, AUTHORS)),
  ]);
  for (const name of ["Ann", "Bob"]) {
    const author = await mutate(source, "addAuthor", { name });
    for (let at = 0; at < 3; at++) {
      await mutate(source, "addBook", { author, title: `Volume ${at} by ${name}`, pages: 7n });
    }
    await client(source).action(makeFunctionReference<"action">("library:paint"), {
      author,
      text: `a picture of ${name}`,
    });
  }
}, 60_000);

afterAll(async () => {
  for (const { deployment, dataDir, project } of started) {
    await project.dispose();
    await deployment.close();
    rmSync(dataDir, { recursive: true });
  }
});

test("an export gives another deployment the same documents, ids and files", async () => {
  const zip = join(source.project.folder, "all.zip");
  await source.project.succeed("export", "--path", zip, "--include-file-storage");
  const live = new ConvexClient(target.deployment.url, { logger: false });
  const seen: Library[] = [];
  live.onUpdate(makeFunctionReference<"query">("library:all"), {}, (value: Library) =>
    seen.push(value),
  );
  await vi.waitFor(() => expect(seen).toHaveLength(1));
  const imported = await target.project.succeed("import", zip);
  expect(imported.stderr).toContain("Added 10 documents");

  const wanted = (await query(source, "all")) as Library;
  expect(await query(target, "all")).toEqual(wanted);
  await vi.waitFor(() => expect(seen.at(-1)).toEqual(wanted));
  await live.close();
  const author = wanted.authors[1]!._id;
  const { url, books } = (await query(target, "byAuthor", { author })) as {
    url: string;
    books: [];
  };
  expect(books).toHaveLength(3);
  expect(url).toContain(target.deployment.url);
  const picture = await fetch(url);
  expect([picture.headers.get("content-type"), await picture.text()]).toEqual([
    "image/png",
    "a picture of Bob",
  ]);
  expect(await query(target, "search", { text: "bob" })).toHaveLength(3);
  await mutate(target, "addBook", { author, title: "A new one" });
  expect(await query(target, "search", { text: "new" })).toHaveLength(1);

  const again = await target.project.run("import", zip);
  expect(again.code).not.toBe(0);
  expect(again.stderr).toContain(
    "already exists. Please choose a new table name or use replace/append modes.",
  );
  await target.project.succeed("import", "--replace-all", "--yes", zip);
  expect(await query(target, "all")).toEqual(wanted);
  expect(await query(target, "search", { text: "new" })).toEqual([]);
  const kept = (await query(target, "byAuthor", { author })) as { url: string };
  expect(await (await fetch(kept.url)).text()).toBe("a picture of Bob");
});

test("a table comes in from a file; what does not fit changes nothing", async () => {
  const { project } = source;
  project.write("more.csv", 'name\n"Fay, ""the"" first"\n');
  await project.succeed("import", "--table", "authors", "--append", "more.csv");
  const names = async () =>
    ((await query(source, "all")) as Library).authors.map(({ name }) => name);
  const all = ["Ann", "Bob", 'Fay, "the" first'];
  expect(await names()).toEqual(all);
  project.write("bad.jsonl", '{"name":"Gus"}\n{"title":"no author"}\n');
  const args = ["import", "--table", "authors", "--replace", "--yes", "bad.jsonl"];
  const refused = await project.run(...args);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain("Row 2: ");
  expect(refused.stderr).toContain("missing the required field `name`");
  expect(await names()).toEqual(all);
});

test("the CLI shows tables, documents and functions", async () => {
  const { project } = source;
  expect(await project.run("data")).toMatchObject({ stdout: "authors\nbooks\n" });
  const books = await project.run(
    "data",
    "books",
    "--format",
    "jsonl",
    "--order",
    "asc",
    "--limit",
    "2",
  );
  expect(books.stdout.trim().split("\n")).toHaveLength(2);
  expect(books.stdout).toContain('"pages": 7n');
  const spec = JSON.parse((await project.run("function-spec")).stdout) as {
    url: string;
    functions: { identifier: string; functionType: string }[];
  };
  expect(spec.url).toBe(source.deployment.url);
  expect(spec.functions.map(({ identifier }) => identifier)).toContain("library.js:paint");
});

test("the CLI watches a query and tells what ran before", async () => {
  const { project } = source;
  const watch = project.start("run", "--watch", "library:search", '{"text":"watched"}');
  await vi.waitFor(() => expect(watch.output()).toContain("[]"), { timeout: 20_000 });
  const { authors } = (await query(source, "all")) as Library;
  await mutate(source, "addBook", { author: authors[0]!._id, title: "A watched pot" });
  await vi.waitFor(() => expect(watch.output()).toContain("A watched pot"), { timeout: 20_000 });
  const logs = project.start("logs", "--history", "200");
  await vi.waitFor(() => expect(logs.output()).toContain("'searching' 'watched'"), {
    timeout: 20_000,
  });
});

test("the same project is deployed as to production", async () => {
  const { project } = source;
  project.write(
    "convex/library.ts",
    `${LIBRARY}\nexport const added = query({ args: {}, handler: async () => "deployed" });`,
  );
  await project.succeed("deploy", "--yes", "--typecheck", "disable");
  expect(await query(source, "added")).toBe("deployed");
});
