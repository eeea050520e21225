import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { type Deployment, type Person, freshDeployment, signUp } from "../test.setup";
import { PROJECTS_MAX } from "./limits";
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
    vi.advanceTimersByTime(1);
    await newTask(first._id, "something");
    expect(names(await ada.as.query(projects.listProjects, open))).toEqual(["first", "second"]);
  });

  test("is changed in what is given alone", async () => {
    const { _id: projectId, displayId } = await newProject();
    const links = [{ label: "", url: "example.com/menu" }];
    await ada.as.mutation(projects.updateProject, { projectId, status: "paused", links });
    expect(await ada.as.query(projects.getProject, { displayId })).toMatchObject({
      name: "Bakery launch",
      status: "paused",
      links: [{ label: "example.com", url: "https://example.com/menu" }],
    });
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

  test("that is deleted is really gone after a while, with every task", async () => {
    const { _id: projectId } = await newProject();
    const kept = await newProject("Kept");
    await newTask(kept._id, "Stay");
    for (let index = 0; index < 45; index++) await newTask(projectId, `Task ${index}`);
    await ada.as.mutation(projects.removeProject, { projectId });
    await afterTheWindow();
    const left = await deployment.run(async (ctx) => ({
      projects: await ctx.db.query("projects").collect(),
      tasks: await ctx.db.query("tasks").collect(),
    }));
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
    const restore = async () => await ada.as.mutation(projects.restoreProject, { projectId });
    await expect(restore()).rejects.toMatchObject({ data: { code: "LIMIT_REACHED" } });
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

describe("tasks", () => {
  let projectId: Id<"projects">;
  beforeEach(async () => {
    projectId = (await newProject())._id;
  });

  test("are counted live in their project", async () => {
    const counts = async () =>
      (await ada.as.query(projects.getProject, { displayId: "PR-000001" }))?.counts;
    const first = await newTask(projectId, "one");
    expect(first.displayId).toBe("TK-000001");
    await newTask(projectId, "two");
    expect(await counts()).toEqual({ todo: 2, doing: 0, done: 0 });
    await ada.as.mutation(tasks.updateTask, { taskId: first._id, status: "doing" });
    await ada.as.mutation(tasks.updateTask, { taskId: first._id, title: "One" });
    expect(await counts()).toEqual({ todo: 1, doing: 1, done: 0 });
    await ada.as.mutation(tasks.removeTask, { taskId: first._id });
    expect(await counts()).toEqual({ todo: 1, doing: 0, done: 0 });
    await ada.as.mutation(tasks.restoreTask, { taskId: first._id });
    await ada.as.mutation(tasks.restoreTask, { taskId: first._id });
    expect(await counts()).toEqual({ todo: 1, doing: 1, done: 0 });
  });

  test("keep the order they are given, however often they are moved", async () => {
    const [a, b, c] = [
      await newTask(projectId, "a"),
      await newTask(projectId, "b"),
      await newTask(projectId, "c"),
    ];
    const move = async (taskId: Id<"tasks">, afterId: Id<"tasks"> | null) =>
      await ada.as.mutation(tasks.moveTask, { taskId, afterId });
    await move(c._id, null);
    expect(await titlesOf(projectId)).toEqual(["c", "a", "b"]);
    await move(c._id, b._id);
    expect(await titlesOf(projectId)).toEqual(["a", "b", "c"]);
    // Each of these halves the gap between two positions.
    for (let round = 0; round < 30; round++) {
      await move(b._id, a._id);
      await move(c._id, a._id);
    }
    expect(await titlesOf(projectId)).toEqual(["a", "c", "b"]);
  });

  test("are not moved into another project", async () => {
    const other = await newProject("Other");
    const task = await newTask(projectId, "a");
    const stranger = await newTask(other._id, "b");
    const args = { taskId: task._id, afterId: stranger._id };
    await expect(ada.as.mutation(tasks.moveTask, args)).rejects.toMatchObject({
      data: { code: "INVALID_REQUEST" },
    });
  });

  test("are active by their day, those without one last", async () => {
    await newTask(projectId, "some day");
    await newTask(projectId, "later", "2026-12-01");
    await newTask(projectId, "sooner", "2026-11-22");
    const done = await newTask(projectId, "done", "2026-11-01");
    await ada.as.mutation(tasks.updateTask, { taskId: done._id, status: "done" });
    const active = await ada.as.query(tasks.listActiveTasks, { limit: 9 });
    expect(titles(active)).toEqual(["sooner", "later", "some day"]);
    expect(active[0]?.project).toEqual({ displayId: "PR-000001", name: "Bakery launch" });
    const two = await ada.as.query(tasks.listActiveTasks, { limit: 2 });
    expect(titles(two)).toEqual(["sooner", "later"]);
  });

  test.each(["2026-02-30", "tomorrow", "2026-1-1", "2026-13-01"])(
    "refuse %j as a day",
    async (dueOn) => {
      await expect(newTask(projectId, "a", dueOn)).rejects.toMatchObject({
        data: { code: "INVALID_REQUEST" },
      });
      expect(await titlesOf(projectId)).toEqual([]);
    },
  );

  test("that are deleted are really gone after a while", async () => {
    const task = await newTask(projectId, "a");
    await ada.as.mutation(tasks.removeTask, { taskId: task._id });
    expect(await titlesOf(projectId)).toEqual([]);
    await afterTheWindow();
    const restored = ada.as.mutation(tasks.restoreTask, { taskId: task._id });
    await expect(restored).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
  });

  test("stop at the number that a project has room for", async () => {
    await deployment.run(async (ctx) => {
      await ctx.db.patch("projects", projectId, { counts: { todo: 499, doing: 0, done: 0 } });
    });
    const last = await newTask(projectId, "the last one");
    const refused = { data: { code: "LIMIT_REACHED" } };
    await expect(newTask(projectId, "one more")).rejects.toMatchObject(refused);
    await ada.as.mutation(tasks.removeTask, { taskId: last._id });
    await newTask(projectId, "instead of it");
    const restored = ada.as.mutation(tasks.restoreTask, { taskId: last._id });
    await expect(restored).rejects.toMatchObject(refused);
  });
});
