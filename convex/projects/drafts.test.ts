import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { endFrame, refused, streamed, stubModel, textFrame, wholeAnswer } from "../model.setup";
import { type Deployment, type Person, freshDeployment, signUp } from "../test.setup";
import { DRAFT_LEASE_MS } from "./drafts";
import { DRAFT_MAX_TASKS } from "./draftText";

const { drafts, projects, tasks } = api.projects;

const GOOD = {
  name: "Bakery launch",
  description: "Open the corner shop in spring.",
  tasks: [
    { title: "Sign the lease", notes: "", priority: "high", dueInDays: 3 },
    { title: "Order the oven", notes: "deck oven", priority: "normal", dueInDays: null },
  ],
};
const ACCEPTED = {
  name: GOOD.name,
  description: GOOD.description,
  tasks: [{ title: "Sign the lease", notes: "", priority: "high" as const, dueOn: "2026-11-24" }],
};

let deployment: Deployment;
let ada: Person;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  deployment = freshDeployment();
  ada = await signUp(deployment);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

const words = (value: unknown) =>
  streamed(wholeAnswer(...(JSON.stringify(value).match(/.{1,9}/gs) ?? [])));

async function start(goal = "Open a bakery", clientKey = "k1", as = ada.as) {
  return await as.mutation(drafts.startDraft, { goal, clientKey });
}

/** Runs the writer, and not yet what would speak for a dead one. */
async function written() {
  vi.advanceTimersByTime(1);
  await deployment.finishInProgressScheduledFunctions();
}

const open = async () => await ada.as.query(drafts.openDraft, {});
const credits = async () => (await ada.as.query(api.credits.usage.current, {})).creditsRemaining;

test("a draft costs 15 credits and is written into what can be accepted", async () => {
  const calls = stubModel(words(GOOD));
  const draftId = await start();
  expect(await credits()).toBe(85);
  expect((await open())?.status).toBe("writing");
  await written();
  const draft = await open();
  expect(draft).toMatchObject({ _id: draftId, status: "ready", creditsUsed: 15, attempt: 1 });
  expect(JSON.parse(draft?.text ?? "")).toEqual(GOOD);
  expect(calls[0]?.body).toMatchObject({
    response_format: { type: "json_schema", json_schema: { name: "project_draft", strict: true } },
  });

  const { displayId } = await ada.as.mutation(drafts.acceptDraft, { draftId, ...ACCEPTED });
  const project = await ada.as.query(projects.getProject, { displayId });
  expect(project).toMatchObject({ name: "Bakery launch", counts: { todo: 1, doing: 0, done: 0 } });
  const again = await ada.as.mutation(drafts.acceptDraft, { draftId, ...ACCEPTED });
  expect(again).toEqual({ displayId });
  expect(await ada.as.query(projects.listProjects, { archived: false })).toHaveLength(1);
  expect(await open()).toBeNull();
});

test("the same start twice is one draft and one charge", async () => {
  stubModel(words(GOOD));
  expect(await start()).toBe(await start());
  expect(await credits()).toBe(85);
});

test.each(["", "k".repeat(101)])("with the key “%s” none is begun", async (clientKey) => {
  const refusal = { data: { code: "INVALID_REQUEST" } };
  await expect(start("Open a bakery", clientKey)).rejects.toMatchObject(refusal);
});

test("each sees the newest draft of their own", async () => {
  stubModel(words(GOOD), words({ ...GOOD, name: "Second" }));
  const bob = await signUp(deployment, "bob@example.com");
  const draftId = await start();
  expect(await bob.as.query(drafts.openDraft, {})).toBeNull();
  await written();
  await start("Open a bar", "k2");
  expect(await open()).toMatchObject({ goal: "Open a bar", status: "writing" });
  const discard = bob.as.mutation(drafts.discardDraft, { draftId });
  await expect(discard).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
});

test("what is written stays when the time for it is over", async () => {
  stubModel(words(GOOD));
  await start();
  await written();
  vi.advanceTimersByTime(DRAFT_LEASE_MS + 1);
  await deployment.finishInProgressScheduledFunctions();
  expect(await open()).toMatchObject({ status: "ready", creditsUsed: 15 });
  expect(await credits()).toBe(85);
});

test("a draft that was discarded is neither begun, shown nor ended any more", async () => {
  const calls = stubModel(words(GOOD));
  const draftId = await start();
  await ada.as.mutation(drafts.discardDraft, { draftId });
  await written();
  expect(calls).toHaveLength(0);
  const discarded = await deployment.run((ctx) => ctx.db.get("projectDrafts", draftId));
  expect(discarded).toMatchObject({ status: "discarded", creditsUsed: 0 });
  const { show, finish } = internal.projects.drafts;
  expect(await deployment.mutation(show, { draftId, attempt: 1, text: "{" })).toBe(false);
  const outcome = { kind: "failed" as const, code: "STALLED", message: "It fell silent." };
  await deployment.mutation(finish, { draftId, outcome });
  vi.advanceTimersByTime(DRAFT_LEASE_MS + 1);
  await deployment.finishInProgressScheduledFunctions();
  expect(await deployment.run((ctx) => ctx.db.get("projectDrafts", draftId))).toEqual(discarded);
  expect(await credits()).toBe(100);
});

test("one draft is written at a time", async () => {
  stubModel(words(GOOD));
  await start();
  await expect(start("Another", "k2")).rejects.toMatchObject({ data: { code: "DRAFT_RUNNING" } });
  expect(await credits()).toBe(85);
});

test("a draft in which the model names half a character can be accepted", async () => {
  const json = JSON.stringify({ ...GOOD, name: "Bakery" }).replace("Bakery", "Bakery \\ud83c!");
  stubModel(streamed(wholeAnswer(json)));
  await start();
  await written();
  expect(JSON.parse((await open())?.text ?? "")).toMatchObject({ name: "Bakery \ufffd!" });
});

describe("output that is no draft", () => {
  test("is forgiven a fence of code around it", async () => {
    stubModel(streamed(wholeAnswer("\n```json\n", JSON.stringify(GOOD), "\n```\n")));
    await start();
    await written();
    expect(await open()).toMatchObject({ status: "ready", attempt: 1 });
    expect(JSON.parse((await open())?.text ?? "")).toEqual(GOOD);
  });

  test("is repaired once, by telling the model what was wrong with it", async () => {
    const calls = stubModel(words({ ...GOOD, tasks: [] }), words(GOOD));
    await start();
    await written();
    expect(await open()).toMatchObject({ status: "ready", attempt: 2, creditsUsed: 15 });
    expect(calls).toHaveLength(2);
    expect(calls[1]?.body.messages[0]?.content).toContain("Your last attempt was not valid");
  });

  test.each([
    ["its first 8,000 characters end", `x${"👍".repeat(5000)}`],
    ["the runtime's own words for it end", '{"name": 👍'],
  ])("is shown to the model in whole characters, though %s in half of one", async (_, text) => {
    const calls = stubModel(streamed(wholeAnswer(text)), words(GOOD));
    await start();
    await written();
    expect(await open()).toMatchObject({ status: "ready", attempt: 2 });
    const instructions = calls[1]?.body.messages[0]?.content;
    expect(instructions).toContain("👍");
    expect(instructions?.isWellFormed()).toBe(true);
    expect(instructions?.length).toBeLessThan(9500);
  });

  test.each([
    ["no JSON", streamed(wholeAnswer("Certainly! ", "Here is your plan."))],
    ["half of it", streamed(wholeAnswer(JSON.stringify(GOOD).slice(0, 60)))],
    ["another shape", words({ title: "x" })],
    ["a name that nobody sees", words({ ...GOOD, name: "\u200b" })],
    ["no name", words({ ...GOOD, name: "  " })],
    ["a task too long", words({ ...GOOD, tasks: [{ ...GOOD.tasks[0], title: "x".repeat(201) }] })],
    ["far too much", streamed(wholeAnswer("x".repeat(15_000), "x".repeat(15_000)))],
    ["cut at its longest", streamed([textFrame('{"name":'), endFrame("length")])],
  ])("twice (%s) fails cleanly, with a refund", async (_, answer) => {
    const calls = stubModel(answer);
    await start();
    await written();
    expect(calls).toHaveLength(2);
    const draft = await open();
    expect(draft).toMatchObject({
      status: "failed",
      creditsUsed: 0,
      error: { code: "MALFORMED_DRAFT" },
    });
    expect(draft?.error?.message).toContain("You were not charged");
    expect(await credits()).toBe(100);
  });
});

test.each([
  ["RATE_LIMITED", refused(429, "429")],
  ["PROVIDER_DOWN", refused(503, "ServiceUnavailable")],
  ["CONTENT_FILTERED", refused(400, "content_filter")],
  ["CUT_OFF", streamed([textFrame('{"name":')], "cut")],
  ["CONTENT_FILTERED", streamed([textFrame('{"name":'), endFrame("content_filter")])],
])("a model that fails with %s costs nothing", async (code, answer) => {
  stubModel(answer);
  await start();
  vi.advanceTimersByTime(1);
  vi.useRealTimers();
  await vi.waitFor(async () => {
    await deployment.finishInProgressScheduledFunctions();
    expect(await open()).toMatchObject({ status: "failed", error: { code } });
  });
  expect(await credits()).toBe(100);
});

test("a draft whose writer died is ended, with a refund", async () => {
  await start();
  await deployment.run(async (ctx) => {
    // Nobody writes: the action was lost with its server.
    const [lost] = await ctx.db.system.query("_scheduled_functions").collect();
    if (lost !== undefined) await ctx.scheduler.cancel(lost._id);
  });
  vi.advanceTimersByTime(DRAFT_LEASE_MS + 1);
  await deployment.finishInProgressScheduledFunctions();
  expect(await open()).toMatchObject({ status: "failed", error: { code: "INTERRUPTED" } });
  expect(await credits()).toBe(100);
});

test("discarding what has begun keeps the charge, and ends the writing", async () => {
  stubModel(streamed([textFrame('{"name":"Bak')], "silence"));
  const draftId = await start();
  vi.advanceTimersByTime(1);
  vi.useRealTimers();
  await vi.waitFor(async () => expect((await open())?.text).toBe('{"name":"Bak'));
  await ada.as.mutation(drafts.discardDraft, { draftId });
  expect(await open()).toBeNull();
  expect(await credits()).toBe(85);
  const accepted = ada.as.mutation(drafts.acceptDraft, { draftId, ...ACCEPTED });
  await expect(accepted).rejects.toMatchObject({ data: { code: "NOT_READY" } });
});

test.each([
  ["anything", ""],
  ["more than blanks", " \n"],
])("a draft that is discarded before %s is written is given back, once", async (_, text) => {
  stubModel(streamed(text === "" ? [] : [textFrame(text)], "silence"));
  const draftId = await start();
  vi.advanceTimersByTime(1);
  vi.useRealTimers();
  await vi.waitFor(async () => expect((await open())?.text).toBe(text));
  await ada.as.mutation(drafts.discardDraft, { draftId });
  expect(await credits()).toBe(100);
  await ada.as.mutation(drafts.discardDraft, { draftId });
  await deployment.mutation(internal.projects.drafts.expire, { draftId });
  expect(await credits()).toBe(100);
  expect(await open()).toBeNull();
});

test("the call of a model that still thinks about a discarded draft is ended", async () => {
  const calls = stubModel(streamed([], "silence"));
  const draftId = await start();
  vi.advanceTimersByTime(1);
  vi.useRealTimers();
  await vi.waitFor(() => expect(calls).toHaveLength(1));
  await ada.as.mutation(drafts.discardDraft, { draftId });
  await vi.waitFor(() => expect(calls[0]?.signal?.aborted).toBe(true), { timeout: 5000 });
});

test("a draft is shown in whole characters while one of its words is cut in two", async () => {
  stubModel(streamed([textFrame('{"name":"Bakery \ud83c')], "silence"));
  const draftId = await start();
  vi.advanceTimersByTime(1);
  vi.useRealTimers();
  await vi.waitFor(async () => expect((await open())?.text).toBe('{"name":"Bakery '));
  await ada.as.mutation(drafts.discardDraft, { draftId });
});

test("a draft is accepted with as many tasks as it may propose, and no more", async () => {
  stubModel(words(GOOD));
  const draftId = await start();
  await written();
  const accept = async (count: number) => {
    const tasks = Array.from({ length: count }, () => ACCEPTED.tasks[0]!);
    return await ada.as.mutation(drafts.acceptDraft, { draftId, ...ACCEPTED, tasks });
  };
  const refusal = { data: { code: "INVALID_REQUEST" } };
  await expect(accept(DRAFT_MAX_TASKS + 1)).rejects.toMatchObject(refusal);
  const { displayId } = await accept(DRAFT_MAX_TASKS);
  const project = await ada.as.query(projects.getProject, { displayId });
  expect(project?.counts.todo).toBe(DRAFT_MAX_TASKS);
  // It is no draft any more that could be thrown away.
  await ada.as.mutation(drafts.discardDraft, { draftId });
  const draft = await deployment.run((ctx) => ctx.db.get("projectDrafts", draftId));
  expect(draft).toMatchObject({ status: "accepted", creditsUsed: 15 });
});

test("accepting what is not right makes nothing", async () => {
  stubModel(words(GOOD));
  const draftId = await start();
  await written();
  const task = ACCEPTED.tasks[0]!;
  const withBad = [...ACCEPTED.tasks, { ...task, title: " " }];
  const tooMany = Array.from({ length: DRAFT_MAX_TASKS + 1 }, () => task);
  for (const wrong of [withBad, tooMany]) {
    const args = { draftId, ...ACCEPTED, tasks: wrong };
    await expect(ada.as.mutation(drafts.acceptDraft, args)).rejects.toMatchObject({
      data: { code: "INVALID_REQUEST" },
    });
  }
  expect(await ada.as.query(projects.listProjects, { archived: false })).toEqual([]);
  expect(await ada.as.query(tasks.listActiveTasks, { limit: 9 })).toEqual([]);
  expect((await open())?.status).toBe("ready");
});

test("without the credits nothing is written", async () => {
  for (let n = 0; n < 6; n++) {
    stubModel(words(GOOD));
    await start("goal", `k${n}`);
    await written();
  }
  await expect(start("goal", "one more")).rejects.toMatchObject({
    data: { code: "INSUFFICIENT_CREDITS", cost: 15, balance: 10 },
  });
  const stored = await deployment.run(async (ctx) => await ctx.db.query("projectDrafts").collect());
  expect(stored).toHaveLength(6);
});

test("the text of a page goes along as material, and only one's own that was read", async () => {
  const bob = await signUp(deployment, "bob@example.com");
  const { _id: projectId } = await ada.as.mutation(projects.createProject, {
    name: "Bakery",
    description: "",
    links: [],
  });
  const newPage = async (text: string, status: "ready" | "reading" = "ready") =>
    await deployment.run(async (ctx): Promise<Id<"projectPages">> => {
      const pageId = await ctx.db.insert("projectPages", {
        userId: ada.userId,
        projectId,
        url: "https://example.com/",
        host: "example.com",
        title: "Leases",
        excerpt: "",
        characters: 20,
        status,
        error: null,
        creditsUsed: 5,
        clientKey: text,
        requestedAt: 0,
      });
      await ctx.db.insert("projectPageTexts", { userId: ada.userId, pageId, text });
      return pageId;
    });
  await newPage("An oven is…");
  const sourcePageId = await newPage("A lease is…");
  const calls = stubModel(words(GOOD));
  const args = { goal: "What it says", sourcePageId, clientKey: "k" };
  await expect(bob.as.mutation(drafts.startDraft, args)).rejects.toMatchObject({
    data: { code: "NOT_FOUND" },
  });
  const unread = { ...args, sourcePageId: await newPage("", "reading") };
  await expect(ada.as.mutation(drafts.startDraft, unread)).rejects.toMatchObject({
    data: { code: "NOT_READY" },
  });
  await ada.as.mutation(drafts.startDraft, args);
  await written();
  await start("Without a page", "k2");
  await written();
  const [withPage, without] = calls.map(({ body }) => body.messages[0]?.content);
  expect(withPage?.startsWith(without ?? "-")).toBe(true);
  expect(withPage).toMatch(/this web page.*A lease is…$/s);
  expect(without).not.toContain("web page");
});
