import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import { refused, streamed, stubModel, wholeAnswer } from "../model.setup";
import { type Deployment, freshDeployment, type Person, signUp } from "../test.setup";
import {
  ATTACHMENT_MAX_CHARACTERS,
  HOLD_LEASE_MS,
  MESSAGE_MAX_CHARACTERS,
  QUEUE_MAX,
  SELECTED_MAX,
} from "./limits";

const { listQueue, queueMessage, holdQueued, editQueued, deleteQueued, sendQueued } =
  api.chat.queue;

let deployment: Deployment;
let ada: Person;
let sessionId: Id<"chatSessions">;
let answerId: Id<"chatMessages">;

beforeEach(async () => {
  vi.useFakeTimers();
  deployment = freshDeployment();
  ada = await signUp(deployment);
  const turn = await ada.as.mutation(api.chat.messages.sendChatMessage, {
    content: "One",
    clientKey: "one",
  });
  ({ sessionId, answerId } = turn);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

const queue = async (content: string) =>
  await ada.as.mutation(queueMessage, {
    sessionId,
    content,
    clientKey: `key ${content.slice(0, 20)}`,
  });

const waiting = async () => await ada.as.query(listQueue, { sessionId });

const queued = async (content: string) => {
  const found = (await waiting()).find((each) => each.content === content);
  if (found === undefined) throw new Error(`"${content}" does not wait`);
  return found._id;
};

async function said() {
  const paginationOpts = { numItems: 50, cursor: null };
  const { page } = await ada.as.query(api.chat.messages.listMessages, {
    sessionId,
    paginationOpts,
  });
  return page.toReversed().map(({ role, content, status }) => `${role} ${status}: ${content}`);
}

async function everythingDone() {
  await deployment.finishAllScheduledFunctions(vi.runAllTimers);
}

/** Whatever comes due in that time is done. */
async function pass(ms: number) {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    vi.advanceTimersByTime(Math.min(1000, end - Date.now()));
    await deployment.finishInProgressScheduledFunctions();
  }
}

test("what waits is sent in its order, each after a complete answer, with nobody there", async () => {
  stubModel(streamed(wholeAnswer("Yes")));
  await queue("Two");
  await queue("Three");
  expect((await said()).at(-1)).toBe("assistant pending: ");
  await everythingDone();
  expect(await said()).toEqual(
    ["One", "Two", "Three"].flatMap((text) => [
      `user complete: ${text}`,
      "assistant complete: Yes",
    ]),
  );
  expect(await waiting()).toEqual([]);
  expect((await ada.as.query(api.credits.usage.current, {})).creditsRemaining).toBe(91);
});

test("waiting costs nothing, and the same key waits or is sent once", async () => {
  stubModel(streamed(wholeAnswer("Yes")));
  await queue("Two");
  await queue("Two");
  expect(await waiting()).toHaveLength(1);
  expect((await ada.as.query(api.credits.usage.current, {})).creditsRemaining).toBe(97);
  await everythingDone();
  await queue("Two");
  expect(await waiting()).toEqual([]);
  expect((await said()).filter((line) => line.includes("Two"))).toHaveLength(1);
});

test("what is queued when the answer has ended is asked at once", async () => {
  stubModel(streamed(wholeAnswer("Yes")));
  await everythingDone();
  await queue("Two");
  await pass(2000);
  expect((await said()).slice(-2)).toEqual(["user complete: Two", "assistant complete: Yes"]);
});

test("a message that is deleted while it waits is not sent, and those behind it are", async () => {
  stubModel(streamed(wholeAnswer("Yes")));
  await queue("Two");
  await queue("Three");
  await ada.as.mutation(deleteQueued, { queuedId: await queued("Two") });
  expect(await waiting()).toMatchObject([{ content: "Three" }]);
  await everythingDone();
  expect((await said()).slice(2)).toEqual(["user complete: Three", "assistant complete: Yes"]);
});

test("each chat has a queue of its own", async () => {
  stubModel(streamed(wholeAnswer("Yes")));
  await queue("Two");
  await ada.as.mutation(holdQueued, { queuedId: await queued("Two") });
  const send = { content: "Elsewhere", clientKey: "elsewhere" };
  const { sessionId: other } = await ada.as.mutation(api.chat.messages.sendChatMessage, send);
  const message = { content: "Here?", clientKey: "here" };
  await ada.as.mutation(queueMessage, { sessionId: other, ...message });
  expect(await waiting()).toMatchObject([{ content: "Two" }]);
  expect(await ada.as.query(listQueue, { sessionId: other })).toMatchObject([message]);
  await pass(60_000);
  expect(await ada.as.query(listQueue, { sessionId: other })).toEqual([]);
  await ada.as.mutation(api.chat.organise.deleteSessions, { sessionIds: [other] });
  await pass(60_000);
  expect(await waiting()).toMatchObject([{ content: "Two", isHeld: true }]);
});

test("after a failed or stopped answer the queue waits for the person", async () => {
  vi.spyOn(console, "warn").mockReturnValue();
  stubModel(refused(400, "content_filter"), streamed(wholeAnswer("Yes")));
  await queue("Two");
  await everythingDone();
  expect(await waiting()).toHaveLength(1);

  await ada.as.mutation(sendQueued, { queuedId: await queued("Two") });
  await everythingDone();
  expect((await said()).slice(-2)).toEqual(["user complete: Two", "assistant complete: Yes"]);
});

test("a message that is being edited holds the queue, and goes on as it was changed", async () => {
  stubModel(streamed(wholeAnswer("Yes")));
  await queue("Two");
  await queue("Three");
  const queuedId = await queued("Two");
  await ada.as.mutation(holdQueued, { queuedId });
  await pass(HOLD_LEASE_MS - 1);
  expect(await waiting()).toMatchObject([{ content: "Two", isHeld: true }, { content: "Three" }]);

  await ada.as.mutation(editQueued, { queuedId, content: "Two, in short" });
  await everythingDone();
  expect((await said()).filter((line) => line.startsWith("user"))).toEqual([
    "user complete: One",
    "user complete: Two, in short",
    "user complete: Three",
  ]);
});

test("a hold that its editor does not renew ends by itself", async () => {
  stubModel(streamed(wholeAnswer("Yes")));
  await queue("Two");
  const queuedId = await queued("Two");
  await ada.as.mutation(holdQueued, { queuedId });
  await pass(HOLD_LEASE_MS - 1);
  await ada.as.mutation(holdQueued, { queuedId });
  await pass(HOLD_LEASE_MS - 1);
  expect(await waiting()).toMatchObject([{ content: "Two", isHeld: true }]);
  await everythingDone();
  expect(await waiting()).toEqual([]);
  expect((await said()).slice(-2)).toEqual(["user complete: Two", "assistant complete: Yes"]);
});

test("the end of a hold does not free what was refused since", async () => {
  await queue("Two");
  const queuedId = await queued("Two");
  await ada.as.mutation(holdQueued, { queuedId });
  await ada.as.mutation(editQueued, { queuedId, content: "Two" });
  await deployment.run((ctx) =>
    ctx.db.patch("chatQueue", queuedId, { isHeld: true, refusal: "No credits." }),
  );
  await pass(HOLD_LEASE_MS);
  expect(await waiting()).toMatchObject([{ isHeld: true, refusal: "No credits." }]);
});

test("what stood behind a held message goes on when that is deleted", async () => {
  stubModel(streamed(wholeAnswer("Yes")));
  await queue("Two");
  await queue("Three");
  const queuedId = await queued("Two");
  await ada.as.mutation(holdQueued, { queuedId });
  await pass(HOLD_LEASE_MS - 1);
  await ada.as.mutation(deleteQueued, { queuedId });
  await ada.as.mutation(deleteQueued, { queuedId });
  await everythingDone();
  expect((await said()).slice(-2)).toEqual(["user complete: Three", "assistant complete: Yes"]);
});

test("a message that cannot be paid for stays, with the reason, and nothing is half written", async () => {
  stubModel(streamed(wholeAnswer("Yes")));
  await queue("Two");
  await deployment.run(async (ctx) => {
    const usage = await ctx.db.query("userUsage").first();
    if (usage === null) throw new Error("no usage");
    await ctx.db.patch("userUsage", usage._id, { creditsRemaining: 1, monthlyRemaining: 1 });
  });
  await everythingDone();
  expect(await waiting()).toMatchObject([
    { content: "Two", isHeld: true, refusal: expect.stringContaining("Nothing was charged.") },
  ]);
  expect(await said()).toEqual(["user complete: One", "assistant complete: Yes"]);
  await ada.as.mutation(holdQueued, { queuedId: await queued("Two") });
  expect(await waiting()).toMatchObject([{ isHeld: true, refusal: null }]);
});

test("in a deleted chat nothing is sent or refused, and bringing the chat back sends it", async () => {
  stubModel(streamed(wholeAnswer("Yes")));
  await queue("Two");
  await ada.as.mutation(api.chat.organise.deleteSessions, { sessionIds: [sessionId] });
  // A page that has it open elsewhere does not break before it learns of the deletion.
  expect(await waiting()).toHaveLength(1);
  await ada.as.action(api.chat.generation.generateReply, { messageId: answerId });
  vi.advanceTimersByTime(10);
  await deployment.finishInProgressScheduledFunctions();
  await ada.as.mutation(api.chat.organise.restoreSessions, { sessionIds: [sessionId] });
  expect(await waiting()).toMatchObject([{ content: "Two", isHeld: false, refusal: null }]);
  await everythingDone();
  expect(await waiting()).toEqual([]);
  expect((await said()).slice(-2)).toEqual(["user complete: Two", "assistant complete: Yes"]);
});

describe("a chat that comes back sends nothing", () => {
  const { deleteSessions, restoreSessions } = api.chat.organise;
  const comeBack = async () => {
    await ada.as.mutation(deleteSessions, { sessionIds: [sessionId] });
    await ada.as.mutation(restoreSessions, { sessionIds: [sessionId] });
    await pass(1000);
  };

  test("beside an answer that runs, nor what is being edited", async () => {
    stubModel(streamed(wholeAnswer("Yes")));
    await queue("Two");
    await comeBack();
    expect(await waiting()).toMatchObject([{ isHeld: false, refusal: null }]);
    await ada.as.mutation(holdQueued, { queuedId: await queued("Two") });
    await ada.as.action(api.chat.generation.generateReply, { messageId: answerId });
    await comeBack();
    expect(await waiting()).toMatchObject([{ isHeld: true, refusal: null }]);
  });

  test("after an answer that the person stopped", async () => {
    await ada.as.mutation(api.chat.messages.stopMessage, { messageId: answerId, seenLength: 0 });
    await queue("Two");
    await comeBack();
    expect(await waiting()).toHaveLength(1);
  });
});

test("what waits in a deleted chat goes with it", async () => {
  await queue("Two");
  await ada.as.mutation(api.chat.organise.deleteSessions, { sessionIds: [sessionId] });
  await everythingDone();
  expect(await deployment.run((ctx) => ctx.db.query("chatQueue").collect())).toEqual([]);
});

test("nothing, too much, and more than the queue holds is refused", async () => {
  await expect(queue("  ")).rejects.toMatchObject({ data: { code: "EMPTY_MESSAGE" } });
  const tooLong = { data: { code: "MESSAGE_TOO_LONG" } };
  await expect(queue("x".repeat(16_001))).rejects.toMatchObject(tooLong);
  for (let i = 0; i < QUEUE_MAX; i++) await queue(`Number ${i}`);
  await expect(queue("One more")).rejects.toMatchObject({ data: { code: "QUEUE_FULL" } });
});

test("an attachment waits with its message and is stored with it", async () => {
  const calls = stubModel(streamed(wholeAnswer("Yes")));
  const attachments = [{ name: "Pasted text", text: "a long text" }];
  await ada.as.mutation(queueMessage, {
    sessionId,
    content: "Sum this up",
    clientKey: "k",
    attachments,
  });
  expect(await waiting()).toMatchObject([
    { attachments: [{ name: "Pasted text", characters: 11 }] },
  ]);
  await everythingDone();
  expect(calls.at(-1)?.body.messages.at(-1)?.content).toContain("a long text");
});

describe("the longest messages there can be, in a script of three bytes a character,", () => {
  const content = "字".repeat(MESSAGE_MAX_CHARACTERS);
  const text = "字".repeat(ATTACHMENT_MAX_CHARACTERS);
  const attachments = [
    { name: "a", text },
    { name: "b", text },
  ];

  beforeEach(async () => {
    deployment = freshDeployment({ transactionLimits: true });
    ada = await signUp(deployment);
  });

  /** A chat with so many turns, and so many messages that wait. */
  async function chat(turns: number, waiting: number) {
    const { userId } = ada;
    const displayId = `CH-${turns}-${waiting}`;
    const common = { userId, createdAt: 0, updatedAt: 0, messageCount: 0, deletedAt: null };
    const flags = { mark: "none", titledBy: "text", isPinned: false, isArchived: false } as const;
    const id = await deployment.run((ctx) =>
      ctx.db.insert("chatSessions", { ...common, ...flags, displayId, title: "" }),
    );
    for (let n = 0; n < turns; n++) await deployment.run((ctx) => turn(ctx, id));
    for (let n = 0; n < waiting; n++) {
      const queued = { userId, sessionId: id, content, attachments, clientKey: `${n}` };
      const free = { isHeld: false, refusal: null };
      await deployment.run((ctx) => ctx.db.insert("chatQueue", { ...queued, ...free }));
    }
    return id;
  }

  async function turn(ctx: MutationCtx, id: Id<"chatSessions">) {
    const { userId } = ada;
    const kept = [];
    for (const each of attachments) {
      const row = { userId, sessionId: id, ...each };
      const attachmentId = await ctx.db.insert("chatAttachments", row);
      kept.push({ id: attachmentId, name: each.name, characters: text.length });
    }
    const common = { sessionId: id, userId, content, creditsUsed: 0, timestamp: 0 };
    const place = { parentId: null, isShown: true, isChosen: true, version: 1, versionCount: 1 };
    const rest = { tokens: null, error: null, feedback: null, clientKey: "k" };
    const message = { ...common, ...place, ...rest, status: "complete" as const };
    await ctx.db.insert("chatMessages", { ...message, role: "user", attachments: kept });
    await ctx.db.insert("chatMessages", { ...message, role: "assistant", content: text });
  }

  const deleted = async (sessionIds: Id<"chatSessions">[]) =>
    await ada.as.mutation(api.chat.organise.deleteSessions, { sessionIds });

  test("do not keep their chat from being deleted for good", async () => {
    await deleted([await chat(9, QUEUE_MAX)]);
    await everythingDone();
    const left = await deployment.run(async (ctx) => [
      await ctx.db.query("chatSessions").first(),
      await ctx.db.query("chatQueue").first(),
      await ctx.db.query("chatAttachments").first(),
    ]);
    expect(left).toEqual([null, null, null]);
  });

  test("do not keep their chats from being brought back together", async () => {
    const sessionIds = [];
    for (let n = 0; n < SELECTED_MAX; n++) sessionIds.push(await chat(0, 1));
    await deleted(sessionIds);
    await ada.as.mutation(api.chat.organise.restoreSessions, { sessionIds });
    const paginationOpts = { numItems: SELECTED_MAX, cursor: null };
    const { page } = await ada.as.query(api.chat.sessions.listSessions, { paginationOpts });
    expect(page).toHaveLength(SELECTED_MAX);
  });
});

test("somebody else's queue looks like none", async () => {
  await queue("Two");
  const queuedId = await queued("Two");
  const bob = await signUp(deployment, "bob@example.com");
  const notFound = { data: { code: "NOT_FOUND" } };
  const add = { sessionId, content: "Hi", clientKey: "b" };
  await expect(bob.as.query(listQueue, { sessionId })).rejects.toMatchObject(notFound);
  await expect(bob.as.mutation(queueMessage, add)).rejects.toMatchObject(notFound);
  await expect(bob.as.mutation(holdQueued, { queuedId })).rejects.toMatchObject(notFound);
  await expect(bob.as.mutation(sendQueued, { queuedId })).rejects.toMatchObject(notFound);
  const edit = { queuedId, content: "Mine" };
  await expect(bob.as.mutation(editQueued, edit)).rejects.toMatchObject(notFound);
  await bob.as.mutation(deleteQueued, { queuedId });
  expect(await waiting()).toHaveLength(1);
});

test("nothing is sent beside a running answer", async () => {
  await queue("Two");
  const queuedId = await queued("Two");
  await expect(ada.as.mutation(sendQueued, { queuedId })).rejects.toMatchObject({
    data: { code: "ANSWER_RUNNING" },
  });
  await deployment.mutation(internal.chat.queue.sendNext, { sessionId });
  expect(await waiting()).toHaveLength(1);
  await ada.as.mutation(api.chat.messages.stopMessage, { messageId: answerId, seenLength: 0 });
  await ada.as.mutation(sendQueued, { queuedId });
  expect(await waiting()).toEqual([]);
});
