import { describe, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { ada, deployment, meetTwoPeople } from "../people.setup";
import { PINNED_MAX } from "./sessions";

const { listSessions, pinnedSessions, getSession } = api.chat.sessions;
const { setPinned, setArchived } = api.chat.organise;

const FIRST_PAGE = { numItems: 10, cursor: null };

meetTwoPeople();

/** Chats of which each was used a second after the one before it. */
async function chats(...titles: string[]) {
  const turns = [];
  for (const content of titles) {
    vi.advanceTimersByTime(1000);
    const args = { content, clientKey: content };
    turns.push(await ada.as.mutation(api.chat.messages.sendChatMessage, args));
  }
  return turns.map(({ sessionId, displayId }) => ({ sessionId, displayId }));
}

async function pin(sessionId: Id<"chatSessions">, isPinned = true) {
  await ada.as.mutation(setPinned, { sessionId, isPinned });
}

async function listed() {
  const { page } = await ada.as.query(listSessions, { paginationOpts: FIRST_PAGE });
  return page.map(({ title }) => title);
}

async function pinned() {
  return (await ada.as.query(pinnedSessions, {})).map(({ title }) => title);
}

test("each chat is found by its own address", async () => {
  for (const { sessionId, displayId } of await chats("One", "Two", "Three")) {
    expect((await ada.as.query(getSession, { displayId }))?._id).toBe(sessionId);
  }
  expect(await ada.as.query(getSession, { displayId: "CH-999999" })).toBeNull();
});

test("a chat stands first in the list when it was used last", async () => {
  const [one] = await chats("One", "Two");
  vi.advanceTimersByTime(1000);
  const { page: messages } = await ada.as.query(api.chat.messages.listMessages, {
    sessionId: one!.sessionId,
    paginationOpts: FIRST_PAGE,
  });
  const stop = { messageId: messages[0]!._id, seenLength: 0 };
  await ada.as.mutation(api.chat.messages.stopMessage, stop);
  expect(await listed()).toEqual(["Two", "One"]);
  const more = { content: "More", clientKey: "more", sessionId: one!.sessionId };
  await ada.as.mutation(api.chat.messages.sendChatMessage, more);
  expect(await listed()).toEqual(["One", "Two"]);
});

describe("pinned chats", () => {
  test("are shown the last used first, whichever was pinned first", async () => {
    const [one, two, three] = await chats("One", "Two", "Three");
    for (const chat of [two!, three!, one!]) await pin(chat.sessionId);
    expect(await pinned()).toEqual(["Three", "Two", "One"]);
  });

  test("stay pinned when others are taken out of the archive with them", async () => {
    const [one, two] = await chats("One", "Two");
    await pin(one!.sessionId);
    await ada.as.mutation(setArchived, { sessionIds: [two!.sessionId], isArchived: true });
    const sessionIds = [one!.sessionId, two!.sessionId];
    await ada.as.mutation(setArchived, { sessionIds, isArchived: false });
    expect(await pinned()).toEqual(["One"]);
  });

  test("leave the archive", async () => {
    const [one] = await chats("One");
    await ada.as.mutation(setArchived, { sessionIds: [one!.sessionId], isArchived: true });
    await pin(one!.sessionId);
    const { page } = await ada.as.query(listSessions, { paginationOpts: FIRST_PAGE });
    expect(page).toMatchObject([{ title: "One", isPinned: true, isArchived: false }]);
  });

  test("are no more than are shown, and each may be let go and pinned again", async () => {
    const [last, oneMore] = await chats("Last", "One more");
    await deployment.run(async (ctx) => {
      const { _id, _creationTime, ...fields } = (await ctx.db.get(
        "chatSessions",
        last!.sessionId,
      ))!;
      for (let i = 1; i < PINNED_MAX; i++) {
        await ctx.db.insert("chatSessions", { ...fields, displayId: `X${i}`, isPinned: true });
      }
    });
    await pin(last!.sessionId);
    const refusal = { data: { code: "LIMIT_REACHED" } };
    await expect(pin(oneMore!.sessionId)).rejects.toMatchObject(refusal);
    // A second click, on another device.
    await pin(last!.sessionId);
    await pin(last!.sessionId, false);
    await pin(oneMore!.sessionId);
    expect(await pinned()).toHaveLength(PINNED_MAX);
  });
});
