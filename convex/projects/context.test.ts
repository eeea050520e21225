import { beforeEach, describe, expect, test } from "vitest";
import { api } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { type Deployment, type Person, freshDeployment, signUp } from "../test.setup";
import { projectContext, roughTokens } from "./context";

const { projects, tasks } = api.projects;

let deployment: Deployment;
let ada: Person;

beforeEach(async () => {
  deployment = freshDeployment();
  ada = await signUp(deployment);
});

async function newProject(name: string, ...taskTitles: string[]) {
  const fields = { name, description: `All about ${name}.`, links: [] };
  const project = await ada.as.mutation(projects.createProject, fields);
  for (const title of taskTitles) {
    await ada.as.mutation(tasks.addTask, { projectId: project._id, title });
  }
  return project._id;
}

async function newPage(
  projectId: Id<"projects">,
  title: string,
  text: string,
  status: "ready" | "reading" = "ready",
) {
  await deployment.run(async (ctx) => {
    const pageId = await ctx.db.insert("projectPages", {
      userId: ada.userId,
      projectId,
      url: `https://example.com/${title}`,
      host: "example.com",
      title,
      excerpt: "",
      characters: text.length,
      status,
      error: null,
      creditsUsed: 5,
      clientKey: title,
      requestedAt: 0,
    });
    await ctx.db.insert("projectPageTexts", { userId: ada.userId, pageId, text });
  });
}

async function context(projectId: Id<"projects"> | null, tokenBudget = 2000, person = ada) {
  return await deployment.run(
    async (ctx) => await projectContext(ctx, person.userId, { projectId, tokenBudget }),
  );
}

const ids = ({ items }: { items: { id: string }[] }) => items.map(({ id }) => id);

describe("without a project", () => {
  test("it tells of active tasks by urgency, then of the recent projects", async () => {
    const projectId = await newProject("Bakery", "Sign the lease");
    await ada.as.mutation(tasks.addTask, { projectId, title: "Oven", dueOn: "2026-11-22" });
    const told = await context(null);
    expect(ids(told)).toEqual(["TK-000002", "TK-000001", "PR-000001"]);
    expect(told.text.split("\n")).toEqual([
      "Active tasks, the most urgent first:",
      "- TK-000002 Oven (to do, due 2026-11-22); project PR-000001",
      "- TK-000001 Sign the lease (to do); project PR-000001",
      "Recent projects:",
      "- PR-000001 Bakery (active, 0 of 2 tasks done) — All about Bakery.",
    ]);
  });

  test("it names the project of each task, also of one that is not recent", async () => {
    await newProject("Oldest", "First");
    for (const name of ["b", "c", "d", "e"]) await newProject(name);
    await newProject("Newest", "Last");
    const { text } = await context(null);
    expect(text).toContain("First (to do); project PR-000001");
    expect(text).toContain("Last (to do); project PR-000006");
    expect(text).not.toContain("Oldest");
  });

  test("it is empty when there is nothing to tell", async () => {
    expect(await context(null)).toEqual({ text: "", items: [] });
  });
});

describe("with a project", () => {
  test("it tells of that one alone, with its pages", async () => {
    const bakery = await newProject("Bakery", "Sign the lease");
    await newProject("Newsletter", "Write");
    await newPage(bakery, "Leases", "A lease is a contract.");
    const told = await context(bakery);
    expect(told.items.map(({ kind }) => kind)).toEqual(["project", "task", "page"]);
    expect(told.text).toContain("A lease is a contract.");
    expect(told.text).not.toContain("Newsletter");
  });

  test("it tells what is most urgent first, and what is done last", async () => {
    const bakery = await ada.as.mutation(projects.createProject, {
      name: "Bakery",
      description: "",
      links: [],
    });
    const add = async (title: string, more: Partial<typeof tasks.addTask._args> = {}) =>
      await ada.as.mutation(tasks.addTask, { projectId: bakery._id, title, ...more });
    const set = async (taskId: Id<"tasks">, status: "doing" | "done") =>
      await ada.as.mutation(tasks.updateTask, { taskId, status });
    await add("Some day", { notes: `  On\n two lines  ${"x".repeat(300)}` });
    await add("Later", { dueOn: "2026-12-01" });
    await add("Sooner", { dueOn: "2026-11-22", priority: "low" });
    await set((await add("Soon", { dueOn: "2026-11-22", priority: "high" }))._id, "doing");
    await set((await add("Over", { dueOn: "2026-11-01" }))._id, "done");
    expect((await context(bakery._id)).text.split("\n")).toEqual([
      "This chat belongs to a project:",
      "- PR-000001 Bakery (active, 1 of 5 tasks done)",
      "Its tasks, the most urgent first:",
      "- TK-000004 Soon (in progress, due 2026-11-22, high priority)",
      "- TK-000003 Sooner (to do, due 2026-11-22, low priority)",
      "- TK-000002 Later (to do, due 2026-12-01)",
      `- TK-000001 Some day (to do) — On two lines ${"x".repeat(300 - "On two lines ".length)}…`,
      "- TK-000005 Over (done, due 2026-11-01)",
    ]);
  });

  test("it tells of its pages that were read, the newest first", async () => {
    const bakery = await newProject("Bakery");
    await newPage(bakery, "Leases", "A lease is a contract.");
    await newPage(bakery, "Ovens", "An oven is hot.");
    await newPage(bakery, "Flour", "Not there yet", "reading");
    await newPage(bakery, "Nothing", "");
    await newPage(await newProject("Newsletter"), "Letters", "Of another project.");
    expect((await context(bakery)).text.split("\n").slice(2)).toEqual([
      "A web page kept with the project, “Ovens” (https://example.com/Ovens):",
      "An oven is hot.",
      "A web page kept with the project, “Leases” (https://example.com/Leases):",
      "A lease is a contract.",
    ]);
  });

  test("it is empty for somebody else, and after the project was deleted", async () => {
    const bob = await signUp(deployment, "bob@example.com");
    const bakery = await newProject("Bakery");
    expect(await context(bakery, 2000, bob)).toEqual({ text: "", items: [] });
    await ada.as.mutation(projects.removeProject, { projectId: bakery });
    expect(await context(bakery)).toEqual({ text: "", items: [] });
  });
});

test.each([
  ["", 0],
  ["abc", 1],
  ["abcd", 2],
  ["~\u007f", 1],
  ["\u0080", 1],
  ["漢字", 2],
  ["漢字abcd", 4],
])("%j has about %d tokens", (text, tokens) => {
  expect(roughTokens(text)).toBe(tokens);
});

test.each([0, 5, 40, 200, 1000])("it keeps to a budget of %i tokens", async (budget) => {
  const bakery = await newProject("Bakery", ...Array.from({ length: 12 }, (_, n) => `Task ${n}`));
  await newPage(bakery, "long", "word ".repeat(4000));
  await newPage(bakery, "東京", "東京".repeat(4000));
  for (const told of [await context(bakery, budget), await context(null, budget)]) {
    expect(roughTokens(told.text)).toBeLessThanOrEqual(budget + told.items.length);
    expect(told.items.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(budget);
  }
});

test("a long page is cut to what is left of the budget", async () => {
  const bakery = await newProject("Bakery");
  await newPage(bakery, "long", "word ".repeat(4000));
  const { items, text } = await context(bakery, 500);
  expect(items.at(-1)?.kind).toBe("page");
  expect(roughTokens(text)).toBeGreaterThan(450);
});
