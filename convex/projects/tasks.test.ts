import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { type Deployment, type Person, freshDeployment, signUp } from "../test.setup";
import { RESTORE_WINDOW_MS } from "./projects";

const { projects, tasks } = api.projects;

let deployment: Deployment;
let ada: Person;
let projectId: Id<"projects">;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.setSystemTime("2026-11-21T12:00:00Z");
  deployment = freshDeployment();
  ada = await signUp(deployment);
  projectId = (await newProject())._id;
});
afterEach(() => {
  vi.useRealTimers();
});

async function newProject(name = "Bakery launch") {
  return await ada.as.mutation(projects.createProject, { name, description: "", links: [] });
}

async function newTask(projectId: Id<"projects">, title: string, dueOn: string | null = null) {
  return await ada.as.mutation(tasks.addTask, { projectId, title, dueOn });
}

const titles = (list: { title: string }[]) => list.map(({ title }) => title);

async function titlesOf(projectId: Id<"projects">) {
  return titles(await ada.as.query(tasks.listTasks, { projectId }));
}

async function active(limit = 9) {
  return titles(await ada.as.query(tasks.listActiveTasks, { limit }));
}

async function move(taskId: Id<"tasks">, afterId: Id<"tasks"> | null) {
  await ada.as.mutation(tasks.moveTask, { taskId, afterId });
}

async function afterTheWindow() {
  vi.advanceTimersByTime(RESTORE_WINDOW_MS + 1);
  await deployment.finishAllScheduledFunctions(vi.runAllTimers);
}

test("tasks are counted live in their project", async () => {
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

test("tasks keep the order they are given, however often they are moved", async () => {
  const [a, b, c] = [
    await newTask(projectId, "a"),
    await newTask(projectId, "b"),
    await newTask(projectId, "c"),
  ];
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

test("tasks are not moved into another project", async () => {
  const other = await newProject("Other");
  const task = await newTask(projectId, "a");
  const stranger = await newTask(other._id, "b");
  const args = { taskId: task._id, afterId: stranger._id };
  await expect(ada.as.mutation(tasks.moveTask, args)).rejects.toMatchObject({
    data: { code: "INVALID_REQUEST" },
  });
});

test("tasks are active by their day, those without one last", async () => {
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
  "%j is refused as a day",
  async (dueOn) => {
    await expect(newTask(projectId, "a", dueOn)).rejects.toMatchObject({
      data: { code: "INVALID_REQUEST" },
    });
    expect(await titlesOf(projectId)).toEqual([]);
  },
);

test("tasks that are deleted are really gone after a while", async () => {
  const task = await newTask(projectId, "a");
  await ada.as.mutation(tasks.removeTask, { taskId: task._id });
  expect(await titlesOf(projectId)).toEqual([]);
  await afterTheWindow();
  const restored = ada.as.mutation(tasks.restoreTask, { taskId: task._id });
  await expect(restored).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
});

test("tasks stop at the number that a project has room for", async () => {
  await deployment.run(async (ctx) => {
    await ctx.db.patch("projects", projectId, { counts: { todo: 200, doing: 200, done: 99 } });
  });
  const last = await newTask(projectId, "the last one");
  const refused = { data: { code: "LIMIT_REACHED" } };
  await expect(newTask(projectId, "one more")).rejects.toMatchObject(refused);
  await ada.as.mutation(tasks.removeTask, { taskId: last._id });
  await newTask(projectId, "instead of it");
  const restored = ada.as.mutation(tasks.restoreTask, { taskId: last._id });
  await expect(restored).rejects.toMatchObject(refused);
});

test("a task is changed in what is given alone", async () => {
  const { _id: taskId, ...before } = await newTask(projectId, "Oven", "2026-12-01");
  const task = async () => (await ada.as.query(tasks.listTasks, { projectId }))[0]!;
  expect(before).toMatchObject({ notes: "", priority: "normal", status: "todo" });
  vi.advanceTimersByTime(1000);
  await ada.as.mutation(tasks.updateTask, { taskId, notes: " Deck oven " });
  const noted = { ...before, _id: taskId, notes: "Deck oven", updatedAt: Date.now() };
  expect(await task()).toEqual(noted);
  await ada.as.mutation(tasks.updateTask, { taskId, title: " Ovens ", priority: "high" });
  expect(await task()).toEqual({ ...noted, title: "Ovens", priority: "high" });
  await ada.as.mutation(tasks.updateTask, { taskId, dueOn: null });
  expect((await task()).dueOn).toBeNull();
});

test("a task stands where it was put, however many are moved to one place", async () => {
  const ids = new Map<string, Id<"tasks">>();
  for (const title of "abcdef") ids.set(title, (await newTask(projectId, title))._id);
  // Each move to one place halves the gap there: after twenty the positions are dealt out anew.
  const place = fc.record({
    after: fc.constantFrom(null, 0, 1, 4),
    times: fc.nat(30),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(place, { maxLength: 3 }), async (places) => {
      const order = await titlesOf(projectId);
      for (const { after, times } of places) {
        for (let time = 0; time < times; time++) {
          const title = order.pop()!;
          const above = after === null ? null : order[after]!;
          await move(ids.get(title)!, above === null ? null : ids.get(above)!);
          order.splice(after === null ? 0 : after + 1, 0, title);
          expect(await titlesOf(projectId)).toEqual(order);
        }
      }
    }),
    { numRuns: 10 },
  );
});

test("a new task comes last, wherever the others were moved", async () => {
  for (const title of ["a", "b"]) await newTask(projectId, title);
  await move((await newTask(projectId, "c"))._id, null);
  await newTask(projectId, "d");
  expect(await titlesOf(projectId)).toEqual(["c", "a", "b", "d"]);
});

test("a project stands first in the list when one of its tasks was moved, done or deleted last", async () => {
  vi.advanceTimersByTime(1);
  const other = await newProject("Other");
  const mine = await newTask(projectId, "a");
  const first = async () =>
    (await ada.as.query(projects.listProjects, { archived: false }))[0]?.name;
  const change = [
    async () => await move(mine._id, null),
    async () => await ada.as.mutation(tasks.updateTask, { taskId: mine._id, status: "done" }),
    async () => await ada.as.mutation(tasks.removeTask, { taskId: mine._id }),
  ];
  for (const each of change) {
    vi.advanceTimersByTime(1);
    await newTask(other._id, "b");
    expect(await first()).toBe("Other");
    vi.advanceTimersByTime(1);
    await each();
    expect(await first()).toBe("Bakery launch");
  }
});

test("tasks without a day are active the newest first, as many as are asked for", async () => {
  await newTask(projectId, "old");
  await newTask(projectId, "new");
  await newTask(projectId, "dated", "2026-12-01");
  expect(await active()).toEqual(["dated", "new", "old"]);
  expect(await active(2)).toEqual(["dated", "new"]);
});

test("a task is active while it is there and to be done, in a project that is not put away", async () => {
  const { _id: taskId } = await newTask(projectId, "a");
  const update = async (status: "todo" | "done") =>
    await ada.as.mutation(tasks.updateTask, { taskId, status });
  const archive = async (archived: boolean) =>
    await ada.as.mutation(projects.archiveProject, { projectId, archived });
  const remove = async () => await ada.as.mutation(tasks.removeTask, { taskId });
  const restore = async () => await ada.as.mutation(tasks.restoreTask, { taskId });

  await remove();
  expect(await active()).toEqual([]);
  // What is done to its project meanwhile does not bring it back.
  await archive(true);
  await archive(false);
  expect(await active()).toEqual([]);
  await restore();
  expect(await active()).toEqual(["a"]);

  await update("done");
  await archive(true);
  await archive(false);
  await remove();
  await restore();
  expect(await active()).toEqual([]);

  await archive(true);
  await update("todo");
  expect(await active()).toEqual([]);
  await remove();
  await restore();
  expect(await active()).toEqual([]);
  await archive(false);
  expect(await active()).toEqual(["a"]);
});

test("a task that was brought back is not gone after a while, and one that is deleted cannot be changed", async () => {
  const { _id: taskId } = await newTask(projectId, "a");
  await ada.as.mutation(tasks.removeTask, { taskId });
  const update = ada.as.mutation(tasks.updateTask, { taskId, title: "b" });
  await expect(update).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
  await ada.as.mutation(tasks.restoreTask, { taskId });
  await afterTheWindow();
  expect(await titlesOf(projectId)).toEqual(["a"]);
});
