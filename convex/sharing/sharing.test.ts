import { expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { ada, bob, deployment, meetTwoPeople } from "../people.setup";
import { freshDeployment, signUp } from "../test.setup";
import { LINKS_MAX } from "./links";

const TOKEN = "abcdefghij-_0123456789";
const OTHER_TOKEN = TOKEN.replace("a", "b");
const DAY_MS = 86_400_000;
const FIRST_PAGE = { numItems: 100, cursor: null };
const { createLink, listLinks, revokeLink } = api.sharing.links;
const { sharedChat, sharedMessages } = api.sharing.snapshots;

meetTwoPeople();

async function ask(content: string, sessionId?: Id<"chatSessions">) {
  const args = { content, sessionId, clientKey: content };
  return await ada.as.mutation(api.chat.messages.sendChatMessage, args);
}

async function answered(content: string, sessionId?: Id<"chatSessions">) {
  const turn = await ask(content, sessionId);
  await answer(turn.answerId, content);
  return turn;
}

async function answer(messageId: Id<"chatMessages">, content: string) {
  await deployment.mutation(internal.chat.streams.startStreamingMessage, {
    messageId,
    caller: null,
  });
  await deployment.mutation(internal.chat.streams.finalizeStreamMessage, {
    messageId,
    content: `About ${content}`,
    tokens: null,
    failure: null,
  });
  vi.advanceTimersByTime(10);
}

async function links({ as } = ada) {
  return (await as.query(listLinks, { paginationOpts: FIRST_PAGE })).page;
}

async function read(token = TOKEN) {
  const chat = await deployment.query(sharedChat, { token });
  if (chat === null) return null;
  const texts: string[] = [];
  for (let page = 0; page < chat.pages; page++) {
    const messages = await deployment.query(sharedMessages, { token, page });
    texts.push(...(messages ?? []).map(({ content }) => content));
  }
  return texts;
}

/** What is stored of links, and how the steps ended that were to remove them. */
async function kept() {
  return await deployment.run(async (ctx) => {
    const steps = await ctx.db.system.query("_scheduled_functions").collect();
    return {
      shares: (await ctx.db.query("chatShares").collect()).length,
      pages: (await ctx.db.query("chatSharePages").collect()).length,
      ends: steps
        .filter(({ name }) => name === "sharing/links:expireLink")
        .map(({ state }) => state.kind),
    };
  });
}

async function pass(ms: number) {
  vi.advanceTimersByTime(ms);
  await deployment.finishInProgressScheduledFunctions();
}

test("a link shows the chat as it was, to anybody, and nothing that came later", async () => {
  const { sessionId } = await answered("One");
  const running = await ask("Two", sessionId);
  await ada.as.mutation(createLink, { sessionId, token: TOKEN });
  await ada.as.mutation(api.chat.messages.stopMessage, {
    messageId: running.answerId,
    seenLength: 0,
  });
  vi.advanceTimersByTime(10);
  await answered("Three", sessionId);
  expect(await read()).toEqual(["One", "About One", "Two"]);
  expect(await deployment.query(sharedChat, { token: TOKEN })).toMatchObject({
    title: "One",
    isComplete: true,
  });
});

test("an answer that was running is not shown, also when it ends before its page is listed", async () => {
  const { sessionId } = await answered("q0");
  for (let n = 1; n < 11; n++) await answered(`q${n}`, sessionId);
  const running = await ask("Last", sessionId);
  await ada.as.mutation(createLink, { sessionId, token: TOKEN });
  await answer(running.answerId, "Last");
  await deployment.finishAllScheduledFunctions(vi.runAllTimers);
  expect((await read())?.slice(-3)).toEqual(["q10", "About q10", "Last"]);
  expect(await deployment.query(sharedChat, { token: TOKEN })).toMatchObject({ isComplete: true });
});

test("a message on a link says who spoke and what, and nothing of keys, costs or ids of people", async () => {
  const { sessionId } = await answered("One");
  await ada.as.mutation(createLink, { sessionId, token: TOKEN });
  const [first] = (await deployment.query(sharedMessages, { token: TOKEN, page: 0 })) ?? [];
  expect(Object.keys(first ?? {}).toSorted()).toEqual([
    "_id",
    "attachments",
    "content",
    "isWhole",
    "role",
    "timestamp",
  ]);
  const chat = await deployment.query(sharedChat, { token: TOKEN });
  expect(Object.keys(chat ?? {}).toSorted()).toEqual([
    "createdAt",
    "expiresAt",
    "isComplete",
    "pages",
    "title",
  ]);
});

test("a long chat is listed whole, in order, in steps", async () => {
  const { sessionId } = await answered("First");
  await deployment.run(async (ctx) => {
    const [message] = await ctx.db.query("chatMessages").take(1);
    if (message === undefined) return;
    const { _id, _creationTime, ...fields } = message;
    for (let i = 0; i < 70; i++) {
      await ctx.db.insert("chatMessages", { ...fields, content: `m${i}`, clientKey: `m${i}` });
    }
  });
  vi.advanceTimersByTime(10);
  await ada.as.mutation(createLink, { sessionId, token: TOKEN });
  await deployment.finishAllScheduledFunctions(vi.runAllTimers);
  const texts = Array.from({ length: 70 }, (_, i) => `m${i}`);
  expect(await read()).toEqual(["First", "About First", ...texts]);
});

test("a revoked link answers to nothing, and looks as if it never was", async () => {
  const { sessionId } = await answered("One");
  await ada.as.mutation(createLink, { sessionId, token: TOKEN });
  await ada.as.mutation(createLink, { sessionId, token: OTHER_TOKEN });
  const link = (await links()).find(({ token }) => token === TOKEN);
  if (link === undefined) throw new Error("no link");
  await ada.as.mutation(revokeLink, { shareId: link._id });
  expect(await read()).toBeNull();
  expect(await deployment.query(sharedMessages, { token: TOKEN, page: 0 })).toBeNull();
  expect((await links()).map(({ token }) => token)).toEqual([OTHER_TOKEN]);
  expect(await read(OTHER_TOKEN)).toHaveLength(2);
});

test("deleting the chat closes its links at once, and undoing opens them again", async () => {
  const { sessionId } = await answered("One");
  await ada.as.mutation(createLink, { sessionId, token: TOKEN });
  await ada.as.mutation(api.chat.organise.deleteSessions, { sessionIds: [sessionId] });
  expect(await read()).toBeNull();
  expect(await deployment.query(sharedMessages, { token: TOKEN, page: 0 })).toBeNull();
  expect(await links()).toEqual([]);
  await ada.as.mutation(api.chat.organise.restoreSessions, { sessionIds: [sessionId] });
  expect(await read()).toHaveLength(2);
});

test("a chat that is really gone takes its own links along, and no others", async () => {
  const [{ sessionId }, other] = [await answered("One"), await answered("Two")];
  await ada.as.mutation(createLink, { sessionId, token: TOKEN });
  await ada.as.mutation(createLink, { sessionId: other.sessionId, token: OTHER_TOKEN });
  await ada.as.mutation(api.chat.organise.deleteSessions, { sessionIds: [sessionId] });
  await deployment.finishAllScheduledFunctions(vi.runAllTimers);
  expect(await kept()).toMatchObject({ shares: 1, pages: 1 });
  expect(await read(OTHER_TOKEN)).toEqual(["Two", "About Two"]);
});

test("a link with a lifetime is removed when its time comes; one without stays", async () => {
  const { sessionId } = await answered("One");
  await ada.as.mutation(createLink, { sessionId, token: TOKEN, lifetime: "week" });
  await ada.as.mutation(createLink, { sessionId, token: OTHER_TOKEN });
  await pass(7 * DAY_MS - 1);
  expect(await read()).toHaveLength(2);
  expect(await kept()).toEqual({ shares: 2, pages: 2, ends: ["pending"] });
  await pass(1);
  expect(await read()).toBeNull();
  expect(await kept()).toEqual({ shares: 1, pages: 1, ends: ["success"] });
  await pass(365 * DAY_MS);
  expect(await read(OTHER_TOKEN)).toHaveLength(2);
  expect((await links()).map(({ token }) => token)).toEqual([OTHER_TOKEN]);
});

test("a link is closed from its end on, also while its removal is late", async () => {
  const { sessionId } = await answered("One");
  await ada.as.mutation(createLink, { sessionId, token: TOKEN, lifetime: "day" });
  await ada.as.mutation(createLink, { sessionId, token: OTHER_TOKEN });
  const end = Date.now() + DAY_MS;
  // The clock goes on, but no timer rings.
  vi.setSystemTime(end - 1);
  expect(await read()).toHaveLength(2);
  expect(await links()).toHaveLength(2);
  vi.setSystemTime(end);
  expect(await read()).toBeNull();
  expect(await deployment.query(sharedMessages, { token: TOKEN, page: 0 })).toBeNull();
  expect((await links()).map(({ token }) => token)).toEqual([OTHER_TOKEN]);
  expect(await kept()).toEqual({ shares: 2, pages: 2, ends: ["pending"] });
});

test.each([
  { lifetime: "day", days: 1 },
  { lifetime: "week", days: 7 },
  { lifetime: "month", days: 30 },
] as const)("a link for a $lifetime says that it ends after $days days", async (each) => {
  const { sessionId } = await answered("One");
  const { lifetime, days } = each;
  await ada.as.mutation(createLink, { sessionId, token: TOKEN, lifetime });
  const expiresAt = Date.now() + days * DAY_MS;
  expect(await links()).toMatchObject([{ createdAt: Date.now(), expiresAt }]);
  expect(await deployment.query(sharedChat, { token: TOKEN })).toMatchObject({ expiresAt });
});

test("a link without a lifetime has no end, nor has one from before there were lifetimes", async () => {
  const { sessionId } = await answered("One");
  await ada.as.mutation(createLink, { sessionId, token: TOKEN });
  const rows = await deployment.run((ctx) => ctx.db.query("chatShares").collect());
  expect(rows[0]).not.toHaveProperty("expiresAt");
  expect(await links()).toMatchObject([{ expiresAt: null }]);
  expect(await deployment.query(sharedChat, { token: TOKEN })).toMatchObject({ expiresAt: null });
  expect((await kept()).ends).toEqual([]);
});

test("a link that is revoked before its end leaves nothing that fails at that time", async () => {
  const { sessionId } = await answered("One");
  await ada.as.mutation(createLink, { sessionId, token: TOKEN, lifetime: "day" });
  const [link] = await links();
  if (link === undefined) throw new Error("no link");
  await ada.as.mutation(revokeLink, { shareId: link._id });
  await pass(DAY_MS);
  expect(await kept()).toEqual({ shares: 0, pages: 0, ends: ["success"] });
});

test("the same token again, with another lifetime or none, keeps the first end", async () => {
  const { sessionId } = await answered("One");
  await ada.as.mutation(createLink, { sessionId, token: TOKEN, lifetime: "day" });
  const end = Date.now() + DAY_MS;
  await pass(1000);
  await ada.as.mutation(createLink, { sessionId, token: TOKEN, lifetime: "month" });
  await ada.as.mutation(createLink, { sessionId, token: TOKEN });
  expect(await links()).toMatchObject([{ expiresAt: end }]);
  expect((await kept()).ends).toEqual(["pending"]);
  await pass(end - Date.now());
  expect(await kept()).toEqual({ shares: 0, pages: 0, ends: ["success"] });
});

test("the same token twice is the same link; another chat's, somebody else's or a bad one is refused", async () => {
  const { sessionId } = await answered("One");
  await ada.as.mutation(createLink, { sessionId, token: TOKEN });
  await ada.as.mutation(createLink, { sessionId, token: TOKEN });
  expect(await links()).toHaveLength(1);
  const refused = { data: { code: "INVALID_REQUEST" } };
  const other = await answered("Two");
  const again = ada.as.mutation(createLink, { sessionId: other.sessionId, token: TOKEN });
  await expect(again).rejects.toMatchObject(refused);
  for (const token of ["", "short", `${TOKEN}x`, "abcdefghij/_0123456789"]) {
    const create = ada.as.mutation(createLink, { sessionId, token });
    await expect(create).rejects.toMatchObject(refused);
  }
  const his = await bob.as.mutation(api.chat.messages.sendChatMessage, {
    content: "Mine",
    clientKey: "b",
  });
  const take = bob.as.mutation(createLink, { sessionId: his.sessionId, token: TOKEN });
  await expect(take).rejects.toMatchObject(refused);
});

test("there is room for a number of links, and for another one once one is revoked", async () => {
  const { sessionId } = await answered("One");
  const token = (n: number) => String(n).padStart(22, "0");
  const create = (n: number) => ada.as.mutation(createLink, { sessionId, token: token(n) });
  await create(0);
  await deployment.run(async (ctx) => {
    const first = await ctx.db.query("chatShares").first();
    if (first === null) return;
    const { _id, _creationTime, ...share } = first;
    for (let n = 1; n < LINKS_MAX; n++) {
      await ctx.db.insert("chatShares", { ...share, token: token(n) });
    }
  });
  await expect(create(LINKS_MAX)).rejects.toMatchObject({ data: { code: "LIMIT_REACHED" } });
  await create(0);
  const [link] = await links();
  if (link === undefined) throw new Error("no link");
  await ada.as.mutation(revokeLink, { shareId: link._id });
  await create(LINKS_MAX);
});

test("the link of the longest chat is revoked within what a transaction may write", async () => {
  const limited = freshDeployment({ transactionLimits: true });
  const { userId, as } = await signUp(limited);
  const args = { content: "One", clientKey: "one" };
  const { sessionId } = await as.mutation(api.chat.messages.sendChatMessage, args);
  const shareId = await limited.run(async (ctx) => {
    const share = { userId, sessionId, token: TOKEN, title: "One", createdAt: 0 };
    return await ctx.db.insert("chatShares", { ...share, pages: 16_001, isComplete: true });
  });
  for (let start = 0; start < 16_001; start += 8_000) {
    await limited.run(async (ctx) => {
      for (let page = start; page < Math.min(16_001, start + 8_000); page++) {
        await ctx.db.insert("chatSharePages", { shareId, page, messageIds: [] });
      }
    });
  }
  await as.mutation(revokeLink, { shareId });
  await limited.finishAllScheduledFunctions(vi.runAllTimers);
  expect(await limited.run((ctx) => ctx.db.query("chatSharePages").first())).toBeNull();
});

test("nobody shares, lists or revokes what is somebody else's", async () => {
  const { sessionId } = await answered("One");
  await ada.as.mutation(createLink, { sessionId, token: TOKEN });
  const [link] = await links();
  if (link === undefined) throw new Error("no link");
  const notFound = { data: { code: "NOT_FOUND" } };
  const create = bob.as.mutation(createLink, { sessionId, token: OTHER_TOKEN });
  await expect(create).rejects.toMatchObject(notFound);
  const revoke = bob.as.mutation(revokeLink, { shareId: link._id });
  await expect(revoke).rejects.toMatchObject(notFound);
  expect(await links(bob)).toEqual([]);
  expect(await read()).toHaveLength(2);
});
