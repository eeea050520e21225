import { expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { ada, bob, deployment, meetTwoPeople } from "../people.setup";

const TOKEN = "abcdefghij-_0123456789";
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
  const messageId = turn.answerId;
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
  return turn;
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
  expect(Object.keys(chat ?? {}).toSorted()).toEqual(["createdAt", "isComplete", "pages", "title"]);
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
  const other = TOKEN.replace("a", "b");
  await ada.as.mutation(createLink, { sessionId, token: other });
  const link = (await links()).find(({ token }) => token === TOKEN);
  if (link === undefined) throw new Error("no link");
  await ada.as.mutation(revokeLink, { shareId: link._id });
  expect(await read()).toBeNull();
  expect(await deployment.query(sharedMessages, { token: TOKEN, page: 0 })).toBeNull();
  expect((await links()).map(({ token }) => token)).toEqual([other]);
  expect(await read(other)).toHaveLength(2);
});

test("deleting the chat closes its links at once, and undoing opens them again", async () => {
  const { sessionId } = await answered("One");
  await ada.as.mutation(createLink, { sessionId, token: TOKEN });
  await ada.as.mutation(api.chat.organise.deleteSession, { sessionId });
  expect(await read()).toBeNull();
  expect(await deployment.query(sharedMessages, { token: TOKEN, page: 0 })).toBeNull();
  expect(await links()).toEqual([]);
  await ada.as.mutation(api.chat.organise.restoreSession, { sessionId });
  expect(await read()).toHaveLength(2);
});

test("the same token twice is the same link; somebody else's or a bad one is refused", async () => {
  const { sessionId } = await answered("One");
  await ada.as.mutation(createLink, { sessionId, token: TOKEN });
  await ada.as.mutation(createLink, { sessionId, token: TOKEN });
  expect(await links()).toHaveLength(1);
  const refused = { data: { code: "INVALID_REQUEST" } };
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

test("nobody shares, lists or revokes what is somebody else's", async () => {
  const { sessionId } = await answered("One");
  await ada.as.mutation(createLink, { sessionId, token: TOKEN });
  const [link] = await links();
  if (link === undefined) throw new Error("no link");
  const notFound = { data: { code: "NOT_FOUND" } };
  const token = TOKEN.replace("a", "b");
  await expect(bob.as.mutation(createLink, { sessionId, token })).rejects.toMatchObject(notFound);
  const revoke = bob.as.mutation(revokeLink, { shareId: link._id });
  await expect(revoke).rejects.toMatchObject(notFound);
  expect(await links(bob)).toEqual([]);
  expect(await read()).toHaveLength(2);
});
