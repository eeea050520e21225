import { expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { ada, deployment, meetTwoPeople } from "../people.setup";
import { RESTORE_WINDOW_MS } from "./projects";

const { pages, projects } = api.projects;

meetTwoPeople();

const credits = async () => (await ada.as.query(api.credits.usage.current, {})).creditsRemaining;

/** A page that is being read, for a project of its own. */
async function beingRead() {
  const fields = { name: "Bakery", description: "", links: [] };
  const { _id: projectId } = await ada.as.mutation(projects.createProject, fields);
  const args = { projectId, address: "example.com/leases", clientKey: "k" };
  const pageId = await ada.as.mutation(pages.addPage, args);
  expect(await credits()).toBe(95);
  return { projectId, pageId };
}

async function readOf(pageId: Id<"projectPages">) {
  await deployment.mutation(internal.projects.pages.finish, {
    pageId,
    outcome: { kind: "ready", url: "", title: "Leases", excerpt: "", text: "A lease is…" },
  });
}

test("a page that is deleted before it is read is given back, once", async () => {
  const { pageId } = await beingRead();
  await ada.as.mutation(pages.removePage, { pageId });
  expect(await credits()).toBe(100);
  await readOf(pageId);
  await deployment.mutation(internal.projects.pages.expire, { pageId });
  expect(await credits()).toBe(100);
  expect(await deployment.run((ctx) => ctx.db.query("projectPageTexts").collect())).toEqual([]);
});

test("a page that was read keeps its charge when it is deleted", async () => {
  const { pageId } = await beingRead();
  await readOf(pageId);
  await ada.as.mutation(pages.removePage, { pageId });
  expect(await credits()).toBe(95);
});

test("a page whose reader died while its project was deleted is given back", async () => {
  const { projectId } = await beingRead();
  await ada.as.mutation(projects.removeProject, { projectId });
  await deployment.run(async (ctx) => {
    const scheduled = await ctx.db.system.query("_scheduled_functions").collect();
    const read = scheduled.find(({ name }) => name.includes("pageReader"));
    await ctx.scheduler.cancel(read!._id);
  });
  vi.advanceTimersByTime(RESTORE_WINDOW_MS + 1);
  await deployment.finishInProgressScheduledFunctions();
  expect(await deployment.run((ctx) => ctx.db.query("projectPages").collect())).toEqual([]);
  expect(await credits()).toBe(100);
});
