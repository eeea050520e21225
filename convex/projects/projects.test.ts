import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { type Deployment, type Person, freshDeployment, signUp } from "../test.setup";
import { DESCRIPTION_MAX_CHARACTERS, NAME_MAX_CHARACTERS, PROJECTS_MAX } from "./limits";
import { RESTORE_WINDOW_MS } from "./projects";

const { projects, tasks } = api.projects;

let deployment: Deployment;
let ada: Person;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.setSystemTime("2026-11-21T12:00:00Z");
  deployment = freshDeployment();
  ada = await signUp(deployment);
});
afterEach(() => {
  vi.useRealTimers();
});

async function newProject(name = "Bakery launch", as = ada.as) {
  vi.advanceTimersByTime(1);
  return await as.mutation(projects.createProject, { name, description: "", links: [] });
}

async function newTask(projectId: Id<"projects">, title: string, dueOn: string | null = null) {
  return await ada.as.mutation(tasks.addTask, { projectId, title, dueOn });
}

async function newPage(projectId: Id<"projects">) {
  const { userId } = ada;
  await deployment.run(async (ctx) => {
    const pageId = await ctx.db.insert("projectPages", {
      userId,
      projectId,
      url: "https://example.com/",
      host: "example.com",
      title: "Leases",
      excerpt: "",
      characters: 11,
      status: "ready",
      error: null,
      creditsUsed: 5,
      clientKey: projectId,
      requestedAt: 0,
    });
    await ctx.db.insert("projectPageTexts", { userId, pageId, text: "A lease is…" });
  });
}

const names = (list: { name: string }[]) => list.map(({ name }) => name);
const titles = (list: { title: string }[]) => list.map(({ title }) => title);
const open = { archived: false };

async function titlesOf(projectId: Id<"projects">) {
  return titles(await ada.as.query(tasks.listTasks, { projectId }));
}

async function afterTheWindow() {
  vi.advanceTimersByTime(RESTORE_WINDOW_MS + 1);
  await deployment.finishAllScheduledFunctions(vi.runAllTimers);
}

describe("a project", () => {
  test("has an address counted per person", async () => {
    const bob = await signUp(deployment, "bob@example.com");
    expect(await newProject()).toMatchObject({ displayId: "PR-000001", status: "active" });
    expect(await newProject("Newsletter")).toMatchObject({ displayId: "PR-000002" });
    expect(await newProject("His", bob.as)).toMatchObject({ displayId: "PR-000001" });
    const { getProject } = projects;
    expect(await ada.as.query(getProject, { displayId: "PR-000002" })).toMatchObject({
      name: "Newsletter",
    });
    expect(await bob.as.query(getProject, { displayId: "PR-000002" })).toBeNull();
  });

  test("stands first in the list when it or one of its tasks changed last", async () => {
    const first = await newProject("first");
    await newProject("second");
    expect(names(await ada.as.query(projects.listProjects, open))).toEqual(["second", "first"]);
    const { _id: projectId } = first;
    const changes = [
      async () => await newTask(projectId, "something"),
      async () => await ada.as.mutation(projects.updateProject, { projectId, description: "It" }),
      async () => await ada.as.mutation(projects.archiveProject, { projectId, archived: false }),
    ];
    for (const change of changes) {
      vi.advanceTimersByTime(1);
      await change();
      expect((await ada.as.query(projects.listProjects, open))[0]?.name).toBe("first");
      await newProject("another");
    }
  });

  test("is changed in what is given alone", async () => {
    const links = [{ label: "", url: "example.com/menu" }];
    const named = { name: "Bakery launch", description: "", links };
    const { _id: projectId, displayId } = await ada.as.mutation(projects.createProject, named);
    const project = async () => await ada.as.query(projects.getProject, { displayId });
    const kept = [{ label: "example.com", url: "https://example.com/menu" }];
    expect(await project()).toMatchObject({ status: "active", links: kept });
    await ada.as.mutation(projects.updateProject, { projectId, status: "paused" });
    const name = "x".repeat(NAME_MAX_CHARACTERS);
    await ada.as.mutation(projects.updateProject, { projectId, name });
    expect(await project()).toMatchObject({ name, status: "paused", links: kept });
    const description = "x".repeat(DESCRIPTION_MAX_CHARACTERS);
    await ada.as.mutation(projects.updateProject, { projectId, description, links: [] });
    expect(await project()).toMatchObject({ name, status: "paused", description, links: [] });
  });

  test("is told to the chats in it by name, and to nobody else, while it is there", async () => {
    const { _id: projectId } = await newProject();
    const bob = await signUp(deployment, "bob@example.com");
    const { projectOfChat, removeProject } = projects;
    const told = { displayId: "PR-000001", name: "Bakery launch" };
    expect(await ada.as.query(projectOfChat, { projectId })).toEqual(told);
    expect(await bob.as.query(projectOfChat, { projectId })).toBeNull();
    await ada.as.mutation(removeProject, { projectId });
    expect(await ada.as.query(projectOfChat, { projectId })).toBeNull();
  });

  test.each([
    [{ name: "   " }],
    [{ name: "x".repeat(121) }],
    [{ description: "x".repeat(4001) }],
    [{ links: [{ label: "", url: "javascript:alert(1)" }] }],
    [{ links: [{ label: "", url: "file:///etc/passwd" }] }],
  ])("refuses %j and stays as it was", async (fields) => {
    const before = await newProject();
    const args = { projectId: before._id, ...fields };
    await expect(ada.as.mutation(projects.updateProject, args)).rejects.toMatchObject({
      data: { code: "INVALID_REQUEST" },
    });
    const { displayId } = before;
    expect(await ada.as.query(projects.getProject, { displayId })).toEqual(before);
  });

  test("that is archived takes its tasks off the list of active ones, and back", async () => {
    const { _id: projectId } = await newProject();
    await newTask(projectId, "Order the oven");
    const active = async () => titles(await ada.as.query(tasks.listActiveTasks, { limit: 9 }));
    expect(await active()).toEqual(["Order the oven"]);
    await ada.as.mutation(projects.archiveProject, { projectId, archived: true });
    expect(await active()).toEqual([]);
    expect(await ada.as.query(projects.listProjects, open)).toEqual([]);
    expect(names(await ada.as.query(projects.listProjects, { archived: true }))).toHaveLength(1);
    await ada.as.mutation(projects.archiveProject, { projectId, archived: false });
    expect(await active()).toEqual(["Order the oven"]);
  });

  test("that is deleted can be restored with all that was in it", async () => {
    const { _id: projectId, displayId } = await newProject();
    await newTask(projectId, "Order the oven");
    await ada.as.mutation(projects.removeProject, { projectId });
    expect(await ada.as.query(projects.getProject, { displayId })).toBeNull();
    await expect(ada.as.query(tasks.listTasks, { projectId })).rejects.toThrow("no such project");
    expect(await ada.as.query(tasks.listActiveTasks, { limit: 9 })).toEqual([]);
    await ada.as.mutation(projects.restoreProject, { projectId });
    await afterTheWindow();
    expect(await titlesOf(projectId)).toEqual(["Order the oven"]);
    expect(await ada.as.query(tasks.listActiveTasks, { limit: 9 })).toHaveLength(1);
  });

  test("that is deleted is really gone after a while, with every task and page", async () => {
    const { _id: projectId } = await newProject();
    const kept = await newProject("Kept");
    await newTask(kept._id, "Stay");
    for (const id of [projectId, kept._id]) await newPage(id);
    for (let index = 0; index < 45; index++) await newTask(projectId, `Task ${index}`);
    await ada.as.mutation(projects.removeProject, { projectId });
    await afterTheWindow();
    const left = await deployment.run(async (ctx) => ({
      projects: await ctx.db.query("projects").collect(),
      tasks: await ctx.db.query("tasks").collect(),
      pages: await ctx.db.query("projectPages").collect(),
      texts: await ctx.db.query("projectPageTexts").collect(),
    }));
    expect(left.pages).toMatchObject([{ projectId: kept._id }]);
    expect(left.texts).toMatchObject([{ pageId: left.pages[0]?._id }]);
    expect(names(left.projects)).toEqual(["Kept"]);
    expect(titles(left.tasks)).toEqual(["Stay"]);
    const restored = ada.as.mutation(projects.restoreProject, { projectId });
    await expect(restored).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
  });

  test("that is being purged is not brought back by halves", async () => {
    const { _id: projectId } = await newProject();
    for (let index = 0; index < 45; index++) await newTask(projectId, `Task ${index}`);
    await ada.as.mutation(projects.removeProject, { projectId });
    vi.advanceTimersByTime(RESTORE_WINDOW_MS);
    await deployment.finishInProgressScheduledFunctions();
    const left = await deployment.run((ctx) => ctx.db.query("tasks").collect());
    expect(left.length).toBeLessThan(45);
    const restored = ada.as.mutation(projects.restoreProject, { projectId });
    await expect(restored).rejects.toMatchObject({
      data: { code: "NOT_FOUND", message: "It is too late to bring this project back." },
    });
    await deployment.finishAllScheduledFunctions(vi.runAllTimers);
    expect(await deployment.run((ctx) => ctx.db.get("projects", projectId))).toBeNull();
  });

  test("is not restored once others have taken the room, until there is some", async () => {
    const { _id: projectId } = await newProject();
    await ada.as.mutation(projects.removeProject, { projectId });
    const { _id: other } = await newProject();
    await deployment.run(async (ctx) => {
      const { _id, _creationTime, ...fields } = (await ctx.db.get("projects", other))!;
      for (let count = 1; count < PROJECTS_MAX; count++) await ctx.db.insert("projects", fields);
    });
    const full = { data: { code: "LIMIT_REACHED" } };
    await expect(newProject("One more")).rejects.toMatchObject(full);
    const restore = async () => await ada.as.mutation(projects.restoreProject, { projectId });
    await expect(restore()).rejects.toMatchObject(full);
    await ada.as.mutation(projects.removeProject, { projectId: other });
    for (let twice = 0; twice < 2; twice++) await restore();
    expect(await ada.as.query(projects.listProjects, open)).toHaveLength(PROJECTS_MAX);
  });
});

test.each([Number.NaN, 0, -1, 0.5, 1.5])("a list limited to %d has one entry", async (limit) => {
  const { _id: projectId } = await newProject();
  await newProject();
  for (const title of ["a", "b"]) await newTask(projectId, title);
  expect(await ada.as.query(projects.listRecentProjects, { limit })).toHaveLength(1);
  expect(await ada.as.query(tasks.listActiveTasks, { limit })).toHaveLength(1);
});
