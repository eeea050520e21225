import { beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { ada, bob, deployment, meetTwoPeople } from "../people.setup";
import { PAGES_MAX } from "./limits";
import { PAGE_LEASE_MS } from "./pages";
import { RESTORE_WINDOW_MS } from "./projects";

const { addPage, listPages, getPageText, removePage } = api.projects.pages;
const { finish, expire } = internal.projects.pages;

let projectId: Id<"projects">;

// Nothing is read: what was scheduled waits for a clock that stands.
meetTwoPeople();
beforeEach(async () => {
  projectId = await newProject();
});

async function newProject() {
  const named = { name: "Bakery launch", description: "", links: [] };
  return (await ada.as.mutation(api.projects.projects.createProject, named))._id;
}

async function add(clientKey: string, project = projectId) {
  const args = { projectId: project, address: `example.com/${clientKey}`, clientKey };
  return await ada.as.mutation(addPage, args);
}

async function read(pageId: Id<"projectPages">, text: string) {
  const found = { url: "https://example.com/", title: "Leases", excerpt: "", text };
  await deployment.mutation(finish, { pageId, outcome: { kind: "ready", ...found } });
}

async function fail(pageId: Id<"projectPages">) {
  const outcome = { kind: "failed" as const, code: "TIMEOUT", reason: "It took too long." };
  await deployment.mutation(finish, { pageId, outcome });
}

const pages = async (project = projectId) => await ada.as.query(listPages, { projectId: project });
const textOf = async (pageId: Id<"projectPages">) => await ada.as.query(getPageText, { pageId });
async function readersDie() {
  await deployment.run(async (ctx) => {
    const scheduled = await ctx.db.system.query("_scheduled_functions").collect();
    for (const { _id, name } of scheduled) {
      if (name.includes("pageReader")) await ctx.scheduler.cancel(_id);
    }
  });
}

const texts = async () => await deployment.run((ctx) => ctx.db.query("projectPageTexts").collect());
const credits = async () => (await ada.as.query(api.credits.usage.current, {})).creditsRemaining;

test("a page costs five credits, once for each key", async () => {
  const first = await add("one");
  expect(await add("one")).toBe(first);
  expect(await add("two")).not.toBe(first);
  expect(await credits()).toBe(90);
  expect(await pages()).toMatchObject([
    { url: "https://example.com/two", title: "example.com", status: "reading", creditsUsed: 5 },
    { url: "https://example.com/one", status: "reading", creditsUsed: 5 },
  ]);
});

test.each(["", "k".repeat(101)])("with the key “%s” none is read", async (key) => {
  await expect(add(key)).rejects.toMatchObject({ data: { code: "INVALID_REQUEST" } });
});

test("each page has its own text, and each project its own pages", async () => {
  const [one, two] = [await add("one"), await add("two")];
  const other = await newProject();
  const elsewhere = await add("elsewhere", other);
  await read(one, "First");
  await read(two, "Second");
  expect(await textOf(one)).toBe("First");
  expect(await textOf(two)).toBe("Second");
  expect(await textOf(elsewhere)).toBe("");
  expect((await pages()).map(({ _id }) => _id)).toEqual([two, one]);
  expect((await pages(other)).map(({ _id }) => _id)).toEqual([elsewhere]);
});

describe("the reading of a page", () => {
  test("ends once: what came first stays", async () => {
    const [good, bad] = [await add("good"), await add("bad")];
    await read(good, "A lease");
    await fail(bad);
    const ended = await pages();
    expect(ended).toMatchObject([
      { status: "failed", creditsUsed: 0, error: { code: "TIMEOUT" } },
      { status: "ready", creditsUsed: 5, characters: 7, title: "Leases" },
    ]);
    expect(ended[0]?.error?.message).toBe("It took too long. You were not charged.");
    await fail(good);
    await read(bad, "Late");
    expect(await pages()).toEqual(ended);
    expect(await textOf(bad)).toBe("");
    expect(await credits()).toBe(95);
  });

  test("is ended when its reader has died, with a refund", async () => {
    const [lost, done] = [await add("lost"), await add("done")];
    await read(done, "A lease");
    await readersDie();
    vi.advanceTimersByTime(PAGE_LEASE_MS - 1);
    await deployment.finishInProgressScheduledFunctions();
    expect(await pages()).toMatchObject([{ status: "ready" }, { status: "reading" }]);
    vi.advanceTimersByTime(1);
    await deployment.finishInProgressScheduledFunctions();
    expect(await pages()).toMatchObject([
      { _id: done, status: "ready", creditsUsed: 5 },
      { _id: lost, status: "failed", creditsUsed: 0, error: { code: "INTERRUPTED" } },
    ]);
    expect(await credits()).toBe(95);
  });
});

test("a page that is deleted before it is read is given back, once", async () => {
  const pageId = await add("one");
  expect(await credits()).toBe(95);
  await ada.as.mutation(removePage, { pageId });
  expect(await credits()).toBe(100);
  await read(pageId, "A lease is…");
  await deployment.mutation(expire, { pageId });
  expect(await credits()).toBe(100);
  expect(await texts()).toEqual([]);
});

test("a page that was read keeps its charge when it is deleted, and no other is", async () => {
  const [deleted, kept] = [await add("deleted"), await add("kept")];
  for (const pageId of [deleted, kept]) await read(pageId, "A lease is…");
  await ada.as.mutation(removePage, { pageId: deleted });
  expect(await texts()).toMatchObject([{ pageId: kept }]);
  expect(await pages()).toMatchObject([{ _id: kept }]);
  expect(await credits()).toBe(90);
});

test("a page whose reader died while its project was deleted is given back", async () => {
  await add("one");
  await ada.as.mutation(api.projects.projects.removeProject, { projectId });
  await readersDie();
  vi.advanceTimersByTime(RESTORE_WINDOW_MS + 1);
  await deployment.finishInProgressScheduledFunctions();
  expect(await deployment.run((ctx) => ctx.db.query("projectPages").collect())).toEqual([]);
  expect(await credits()).toBe(100);
});

test("a project has room for so many pages, and what is beyond costs nothing", async () => {
  const first = await add("first");
  await deployment.run(async (ctx) => {
    const { _id, _creationTime, ...fields } = (await ctx.db.get("projectPages", first))!;
    for (let n = 2; n < PAGES_MAX; n++) {
      await ctx.db.insert("projectPages", { ...fields, clientKey: `page ${n}` });
    }
  });
  await add("last");
  await expect(add("beyond")).rejects.toMatchObject({ data: { code: "LIMIT_REACHED" } });
  expect(await pages()).toHaveLength(PAGES_MAX);
  expect(await credits()).toBe(90);
});

test("nobody sees, adds or removes the pages of somebody else", async () => {
  const pageId = await add("one");
  for (const attempt of [
    bob.as.query(listPages, { projectId }),
    bob.as.query(getPageText, { pageId }),
    bob.as.mutation(addPage, { projectId, address: "example.com", clientKey: "his" }),
    bob.as.mutation(removePage, { pageId }),
  ]) {
    await expect(attempt).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
  }
  expect(await pages()).toHaveLength(1);
});
