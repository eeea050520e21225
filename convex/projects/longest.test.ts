import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import { ANSWER_MAX_CHARACTERS } from "../chat/limits";
import { setUnlimited } from "../credits/ledger";
import { type Deployment, type Person, freshDeployment, signUp } from "../test.setup";
import {
  DESCRIPTION_MAX_CHARACTERS,
  LINKS_MAX,
  NOTES_MAX_CHARACTERS,
  PAGES_MAX,
  PROJECTS_MAX,
  TASKS_MAX,
  TITLE_MAX_CHARACTERS,
  URL_MAX_CHARACTERS,
} from "./limits";
import { RESTORE_WINDOW_MS } from "./projects";
import { TEXT_MAX_CHARACTERS } from "./readable";

// The longest texts there can be, in a script of three bytes a character, and what a transaction may
// read and write.

const { projects, tasks } = api.projects;

let deployment: Deployment;
let ada: Person;
let projectId: Id<"projects">;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.setSystemTime("2026-11-21T12:00:00Z");
  deployment = freshDeployment({ transactionLimits: true });
  ada = await signUp(deployment);
  const named = { name: "Bakery launch", description: "", links: [] };
  projectId = (await ada.as.mutation(projects.createProject, named))._id;
});
afterEach(() => {
  vi.useRealTimers();
});

async function afterTheWindow() {
  vi.advanceTimersByTime(RESTORE_WINDOW_MS + 1);
  await deployment.finishAllScheduledFunctions(vi.runAllTimers);
}

/** Writes the rows a few at a time, as one transaction does not hold them all. */
async function fill(rows: number, insert: (ctx: MutationCtx, row: number) => Promise<unknown>) {
  for (let start = 0; start < rows; start += 20) {
    await deployment.run(async (ctx) => {
      for (let row = start; row < Math.min(rows, start + 20); row++) await insert(ctx, row);
    });
  }
}

const fillTasks = async () =>
  await fill(TASKS_MAX, (ctx, row) =>
    ctx.db.insert("tasks", {
      userId: ada.userId,
      projectId,
      displayId: `TK-${row}`,
      title: "字".repeat(TITLE_MAX_CHARACTERS),
      notes: "字".repeat(NOTES_MAX_CHARACTERS),
      status: "todo",
      priority: "normal",
      dueOn: null,
      position: row,
      isActive: true,
      deletedAt: null,
      createdAt: 0,
      updatedAt: 0,
    }),
  );

const fillPages = async (title = "A page") =>
  await fill(PAGES_MAX, async (ctx, row) => {
    const { userId } = ada;
    const pageId = await ctx.db.insert("projectPages", {
      userId,
      projectId,
      url: "https://example.com/",
      host: "example.com",
      title,
      excerpt: "",
      characters: TEXT_MAX_CHARACTERS,
      status: "ready",
      error: null,
      creditsUsed: 5,
      clientKey: `page ${row}`,
      requestedAt: 0,
    });
    const text = "字".repeat(TEXT_MAX_CHARACTERS);
    await ctx.db.insert("projectPageTexts", { userId, pageId, text });
  });

const active = async () => {
  const all = await ada.as.query(tasks.listTasks, { projectId });
  return all.filter(({ isActive }) => isActive).length;
};

test("the longest texts do not keep a project from being archived, and taken out again", async () => {
  await fillTasks();
  const archive = async (archived: boolean) => {
    await ada.as.mutation(projects.archiveProject, { projectId, archived });
    await deployment.finishAllScheduledFunctions(vi.runAllTimers);
  };
  await archive(true);
  expect(await active()).toBe(0);
  await archive(false);
  expect(await active()).toBe(TASKS_MAX);
});

test("the longest texts do not keep a chat of the project from being answered", async () => {
  await fillTasks();
  await deployment.run((ctx) => setUnlimited(ctx, ada.userId, true));
  let sessionId: Id<"chatSessions"> | undefined;
  const send = async (content: string) => {
    const fields = { content, clientKey: content, projectId, sessionId };
    const sent = await ada.as.mutation(api.chat.messages.sendChatMessage, fields);
    ({ sessionId } = sent);
    return sent.answerId;
  };
  const content = "字".repeat(ANSWER_MAX_CHARACTERS);
  for (let n = 0; n < 10; n++) {
    const messageId = await send(`Question ${n}`);
    const ending = { messageId, content, tokens: null, failure: null };
    await deployment.mutation(internal.chat.streams.finalizeStreamMessage, ending);
  }
  const args = { messageId: await send("The last"), caller: null };
  const started = await deployment.mutation(internal.chat.streams.startStreamingMessage, args);
  expect(started?.request.messages.at(-1)?.content).toBe("The last");
});

test("many long pages, for which there is no room, do not keep it from being told of tasks", async () => {
  // Little is left of the budget: more than nothing, and less than what names a page.
  for (let n = 0; n < 13; n++) {
    await ada.as.mutation(tasks.addTask, { projectId, title: "字".repeat(132) });
  }
  await fillPages("字".repeat(TITLE_MAX_CHARACTERS));
  const { items } = await ada.as.query(api.chat.requests.previewContext, { projectId });
  expect(items.map(({ kind }) => kind)).toEqual(["project", ...Array(13).fill("task")]);
});

test("the longest texts do not keep a task from being moved to where there is no room", async () => {
  await fillTasks();
  const all = await ada.as.query(tasks.listTasks, { projectId });
  const ids = all.map(({ _id }) => _id);
  // The least room everywhere.
  for (const [row, taskId] of ids.entries()) {
    await deployment.run((ctx) => ctx.db.patch("tasks", taskId, { position: 1 + row * 1.5e-3 }));
  }
  const [first, second] = ids;
  const last = ids.at(-1);
  if (first === undefined || second === undefined || last === undefined) throw new Error("none");
  await ada.as.mutation(tasks.moveTask, { taskId: last, afterId: first });
  const moved = await ada.as.query(tasks.listTasks, { projectId });
  expect(moved.map(({ _id }) => _id)).toEqual([first, last, ...ids.slice(1, -1)]);
});

test("the longest texts do not keep a project from being brought back", async () => {
  await fillTasks();
  await fill(PROJECTS_MAX - 1, (ctx, row) => {
    const address = "字".repeat(URL_MAX_CHARACTERS);
    const links = Array.from({ length: LINKS_MAX }, () => ({ label: "A", url: address }));
    const description = "字".repeat(DESCRIPTION_MAX_CHARACTERS);
    return ctx.db.insert("projects", {
      userId: ada.userId,
      displayId: `PR-${row + 2}`,
      name: "Other",
      description,
      status: "active",
      links: row % 2 === 0 ? links : [],
      counts: { todo: 0, doing: 0, done: 0 },
      archived: false,
      deletedAt: null,
      createdAt: 0,
      updatedAt: 0,
    });
  });
  await ada.as.mutation(projects.removeProject, { projectId });
  vi.advanceTimersByTime(10);
  await deployment.finishInProgressScheduledFunctions();
  await ada.as.mutation(projects.restoreProject, { projectId });
  await afterTheWindow();
  expect(await active()).toBe(TASKS_MAX);
});

test("the longest texts do not keep a project from being deleted for good", async () => {
  await fillTasks();
  await fillPages();
  await ada.as.mutation(projects.removeProject, { projectId });
  await afterTheWindow();
  const left = await deployment.run(async (ctx) => [
    await ctx.db.query("projects").first(),
    await ctx.db.query("tasks").first(),
    await ctx.db.query("projectPages").first(),
    await ctx.db.query("projectPageTexts").first(),
  ]);
  expect(left).toEqual([null, null, null, null]);
});
