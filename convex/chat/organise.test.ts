import { describe, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { ada, bob, deployment, meetTwoPeople } from "../people.setup";
import { startWriting } from "../test.setup";
import { UNDO_MS } from "../lib/time";
import { SELECTED_MAX, TITLE_MAX_CHARACTERS } from "./limits";
import { UNREAD_MAX } from "./marks";

const FIRST_PAGE = { numItems: 100, cursor: null };
const { sendChatMessage, listMessages } = api.chat.messages;
const { listSessions, listSessionsOfProject, pinnedSessions, getSession } = api.chat.sessions;
const { renameSession, setPinned, setArchived, deleteSessions, restoreSessions } =
  api.chat.organise;
const { startStreamingMessage, finalizeStreamMessage } = internal.chat.streams;

meetTwoPeople();

async function chat(content: string, { as } = ada) {
  return await as.mutation(sendChatMessage, { content, clientKey: content });
}

async function answered(content: string, person = ada) {
  const turn = await chat(content, person);
  await deployment.mutation(startStreamingMessage, { messageId: turn.answerId, caller: null });
  await finalize(turn.answerId);
  return turn;
}

async function finalize(messageId: Id<"chatMessages">, failure: "STALLED" | null = null) {
  const args = { messageId, content: "Yes", tokens: null, failure };
  await deployment.mutation(finalizeStreamMessage, args);
}

async function listed(archived = false) {
  const { page } = await ada.as.query(listSessions, { archived, paginationOpts: FIRST_PAGE });
  return page.map(({ title }) => title);
}

async function pinned() {
  return (await ada.as.query(pinnedSessions, {})).map(({ title }) => title);
}

async function rows() {
  return await deployment.run(async (ctx) => ({
    sessions: (await ctx.db.query("chatSessions").collect()).length,
    messages: (await ctx.db.query("chatMessages").collect()).length,
    streams: (await ctx.db.query("chatStreams").collect()).length,
    streamPages: (await ctx.db.query("chatStreamPages").collect()).length,
    leases: (await ctx.db.query("chatLeases").collect()).length,
    requests: (await ctx.db.query("chatRequests").collect()).length,
    attachments: (await ctx.db.query("chatAttachments").collect()).length,
    shares: (await ctx.db.query("chatShares").collect()).length,
    sharePages: (await ctx.db.query("chatSharePages").collect()).length,
  }));
}

const NOTHING = {
  sessions: 0,
  messages: 0,
  streams: 0,
  streamPages: 0,
  leases: 0,
  requests: 0,
  attachments: 0,
  shares: 0,
  sharePages: 0,
};

const settle = () => deployment.finishAllScheduledFunctions(vi.runAllTimers);

test.each([
  ["no name", "  \n "],
  ["a name that is too long", "x".repeat(TITLE_MAX_CHARACTERS + 1)],
])("%s is refused in a sentence and changes nothing", async (_, title) => {
  const { sessionId } = await chat("One");
  const rename = ada.as.mutation(renameSession, { sessionId, title });
  await expect(rename).rejects.toMatchObject({ data: { code: "INVALID_REQUEST" } });
  expect(await listed()).toEqual(["One"]);
});

test("the longest name that is allowed is kept", async () => {
  const { sessionId } = await chat("One");
  const title = "x".repeat(TITLE_MAX_CHARACTERS);
  await ada.as.mutation(renameSession, { sessionId, title });
  expect(await listed()).toEqual([title]);
});

test("renaming, pinning and archiving are no activity: the order stays", async () => {
  const { sessionId } = await chat("One");
  vi.advanceTimersByTime(1000);
  await chat("Two");
  vi.advanceTimersByTime(1000);
  await ada.as.mutation(renameSession, { sessionId, title: "First" });
  await ada.as.mutation(setPinned, { sessionId, isPinned: true });
  expect(await listed()).toEqual(["Two", "First"]);
  expect(await pinned()).toEqual(["First"]);
  await ada.as.mutation(setArchived, { sessionIds: [sessionId], isArchived: true });
  expect(await pinned()).toEqual([]);
  expect(await listed()).toEqual(["Two"]);
  expect(await listed(true)).toEqual(["First"]);
  await ada.as.mutation(setArchived, { sessionIds: [sessionId], isArchived: false });
  expect(await listed()).toEqual(["Two", "First"]);
});

describe("a mark", () => {
  const mark = async (displayId = "CH-000001") =>
    (await ada.as.query(getSession, { displayId }))?.mark;

  test("says that an answer runs, then that it was not seen, until somebody looks", async () => {
    const { sessionId, answerId } = await chat("One");
    expect(await mark()).toBe("running");
    await ada.as.mutation(api.chat.marks.markSeen, { sessionId });
    expect(await mark()).toBe("running");
    await finalize(answerId, "STALLED");
    expect(await mark()).toBe("unread");
    await ada.as.mutation(api.chat.marks.markSeen, { sessionId });
    expect(await mark()).toBe("none");
  });

  test("is told of by name, the chat last used first, until it is seen, deleted or archived", async () => {
    const unread = async ({ as } = ada) =>
      (await as.query(api.chat.marks.unreadSessions, {})).map(({ displayId }) => displayId);
    const sessions = [];
    for (const title of ["One", "Two", "Three", "Four"]) {
      sessions.push((await answered(title)).sessionId);
      vi.advanceTimersByTime(1000);
    }
    await chat("Running");
    expect(await unread()).toEqual(["CH-000004", "CH-000003", "CH-000002", "CH-000001"]);
    expect(await unread(bob)).toEqual([]);
    const [first, second, third] = sessions as [
      Id<"chatSessions">,
      Id<"chatSessions">,
      Id<"chatSessions">,
    ];
    await ada.as.mutation(api.chat.marks.markSeen, { sessionId: first });
    await ada.as.mutation(deleteSessions, { sessionIds: [second] });
    await ada.as.mutation(setArchived, { sessionIds: [third], isArchived: true });
    expect(await unread()).toEqual(["CH-000004"]);
  });

  test("is told of with the time and the manner in which the answer ended", async () => {
    const endings = async () =>
      (await ada.as.query(api.chat.marks.unreadSessions, {})).map(({ endedAt, hasFailed }) => ({
        endedAt,
        hasFailed,
      }));
    const { answerId } = await chat("One");
    vi.advanceTimersByTime(1000);
    const failedAt = Date.now();
    await finalize(answerId, "STALLED");
    expect(await endings()).toEqual([{ endedAt: failedAt, hasFailed: true }]);
    vi.advanceTimersByTime(1000);
    await answered("Two");
    expect(await endings()).toEqual([
      { endedAt: failedAt + 1000, hasFailed: false },
      { endedAt: failedAt, hasFailed: true },
    ]);
  });

  test("is told of for no more chats than the limit", async () => {
    const { sessionId } = await answered("One");
    await deployment.run(async (ctx) => {
      const session = await ctx.db.get("chatSessions", sessionId);
      if (session === null) return;
      const { _id, _creationTime, ...fields } = session;
      for (let i = 0; i < UNREAD_MAX; i++) {
        await ctx.db.insert("chatSessions", { ...fields, displayId: `X${i}` });
      }
    });
    expect(await ada.as.query(api.chat.marks.unreadSessions, {})).toHaveLength(UNREAD_MAX);
  });

  test("is not left by an answer that the person stopped", async () => {
    const { answerId } = await chat("One");
    await ada.as.mutation(api.chat.messages.stopMessage, { messageId: answerId, seenLength: 0 });
    expect(await mark()).toBe("none");
  });
});

describe("a deleted chat", () => {
  test("is gone from the list and by its address at once, and comes back when that is undone", async () => {
    const { sessionId, displayId } = await answered("One");
    await ada.as.mutation(setPinned, { sessionId, isPinned: true });
    await ada.as.mutation(deleteSessions, { sessionIds: [sessionId] });
    expect(await listed()).toEqual([]);
    expect(await pinned()).toEqual([]);
    expect(await ada.as.query(getSession, { displayId })).toBeNull();
    const send = { sessionId, content: "More", clientKey: "more" };
    const notFound = { data: { code: "NOT_FOUND" } };
    await expect(ada.as.mutation(sendChatMessage, send)).rejects.toMatchObject(notFound);

    vi.advanceTimersByTime(UNDO_MS);
    await ada.as.mutation(restoreSessions, { sessionIds: [sessionId] });
    await settle();
    expect(await pinned()).toEqual(["One"]);
    const { page } = await ada.as.query(listMessages, { sessionId, paginationOpts: FIRST_PAGE });
    expect(page).toHaveLength(2);
  });

  test("is really gone later, with everything that belongs to it, and nothing else is", async () => {
    const { sessionId } = await answered("One");
    await deployment.run(async (ctx) => {
      const [message] = await ctx.db.query("chatMessages").take(1);
      if (message === undefined) return;
      const { _id, _creationTime, ...fields } = message;
      for (let i = 0; i < 90; i++) {
        await ctx.db.insert("chatMessages", { ...fields, clientKey: `m${i}` });
      }
    });
    for (let i = 0; i < 12; i++) {
      const token = `${"x".repeat(20)}${String(i).padStart(2, "0")}`;
      await ada.as.mutation(api.sharing.links.createLink, { sessionId, token });
    }
    await settle();
    await ada.as.mutation(deleteSessions, { sessionIds: [sessionId] });
    const hers = await answered("Bob's", bob);
    await settle();
    expect(await rows()).toEqual({ ...NOTHING, sessions: 1, messages: 2, requests: 1 });
    const restore = ada.as.mutation(restoreSessions, { sessionIds: [sessionId] });
    await expect(restore).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
    expect(hers.displayId).toBe("CH-000001");
  });

  test("takes a running answer with it, which costs nothing when no word was written", async () => {
    const { sessionId, answerId } = await chat("One");
    const append = await startWriting(deployment, answerId);
    await ada.as.mutation(deleteSessions, { sessionIds: [sessionId] });
    await settle();
    expect(await rows()).toEqual(NOTHING);
    expect((await ada.as.query(api.credits.usage.current, {})).creditsRemaining).toBe(100);
    expect(await append({ sequence: 0, text: "Yes" })).toBeNull();
  });

  test("deleted again after an undo gets its whole time again", async () => {
    const { sessionId } = await answered("One");
    await ada.as.mutation(deleteSessions, { sessionIds: [sessionId] });
    vi.advanceTimersByTime(UNDO_MS - 1000);
    await ada.as.mutation(restoreSessions, { sessionIds: [sessionId] });
    await ada.as.mutation(deleteSessions, { sessionIds: [sessionId] });
    await vi.advanceTimersByTimeAsync(UNDO_MS - 1000);
    await ada.as.mutation(restoreSessions, { sessionIds: [sessionId] });
    expect(await listed()).toEqual(["One"]);
  });

  test("cannot be brought back once its removal is due", async () => {
    const { sessionId } = await answered("One");
    await ada.as.mutation(deleteSessions, { sessionIds: [sessionId] });
    vi.setSystemTime(Date.now() + 10 * UNDO_MS);
    const restore = ada.as.mutation(restoreSessions, { sessionIds: [sessionId] });
    await expect(restore).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
  });
});

describe("several chats at once", () => {
  test("are archived, deleted and brought back together", async () => {
    const first = await answered("One");
    const second = await answered("Two");
    const third = await answered("Three");
    const sessionIds = [first.sessionId, second.sessionId, first.sessionId];
    await ada.as.mutation(setArchived, { sessionIds, isArchived: true });
    expect(await listed()).toEqual(["Three"]);
    expect((await listed(true)).toSorted()).toEqual(["One", "Two"]);
    await ada.as.mutation(deleteSessions, { sessionIds });
    expect(await listed(true)).toEqual([]);
    // One that is there stays as it is.
    await ada.as.mutation(restoreSessions, { sessionIds: [...sessionIds, third.sessionId] });
    expect(await listed()).toEqual(["Three"]);
    expect(await listed(true)).toHaveLength(2);
    await ada.as.mutation(deleteSessions, { sessionIds });
    await settle();
    expect(await rows()).toEqual({ ...NOTHING, sessions: 1, messages: 2, requests: 1 });
  });

  test("are left as they are when one of them is somebody else's, or gone", async () => {
    const mine = await chat("Mine");
    const gone = await chat("Gone");
    await ada.as.mutation(deleteSessions, { sessionIds: [gone.sessionId] });
    const his = await chat("Bob's", bob);
    for (const other of [his.sessionId, gone.sessionId]) {
      const sessionIds = [mine.sessionId, other];
      for (const attempt of [
        ada.as.mutation(setArchived, { sessionIds, isArchived: true }),
        ada.as.mutation(deleteSessions, { sessionIds }),
      ]) {
        await expect(attempt).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
      }
    }
    expect(await listed()).toEqual(["Mine"]);
  });

  test("are not more than the limit", async () => {
    const { sessionId } = await chat("One");
    const sessionIds = Array.from({ length: SELECTED_MAX + 1 }, () => sessionId);
    for (const attempt of [
      ada.as.mutation(setArchived, { sessionIds, isArchived: true }),
      ada.as.mutation(deleteSessions, { sessionIds }),
      ada.as.mutation(restoreSessions, { sessionIds }),
    ]) {
      await expect(attempt).rejects.toMatchObject({ data: { code: "INVALID_REQUEST" } });
    }
    expect(await listed()).toEqual(["One"]);
  });
});

test("nobody organises what is somebody else's", async () => {
  const { sessionId } = await chat("Private");
  const notFound = { data: { code: "NOT_FOUND" } };
  for (const attempt of [
    bob.as.mutation(renameSession, { sessionId, title: "Mine" }),
    bob.as.mutation(setPinned, { sessionId, isPinned: true }),
    bob.as.mutation(setArchived, { sessionIds: [sessionId], isArchived: true }),
    bob.as.mutation(deleteSessions, { sessionIds: [sessionId] }),
    bob.as.mutation(restoreSessions, { sessionIds: [sessionId] }),
    bob.as.mutation(api.chat.marks.markSeen, { sessionId }),
  ]) {
    await expect(attempt).rejects.toMatchObject(notFound);
  }
  expect(await listed()).toEqual(["Private"]);
});

describe("moving to a project", () => {
  const { moveToProject } = api.chat.organise;
  const project = async ({ as } = ada) => {
    const args = { name: "Bakery launch", description: "", links: [] };
    return (await as.mutation(api.projects.projects.createProject, args))._id;
  };
  const session = async (displayId: string) => await ada.as.query(getSession, { displayId });

  test("gives the chat the project's context, and taking it out gives it back as set", async () => {
    const { setContextIncluded } = api.chat.requests;
    const { sessionId, displayId } = await answered("Ovens");
    const projectId = await project();

    // Where it is already, it keeps what it has.
    await ada.as.mutation(setContextIncluded, { sessionId, isIncluded: true });
    await ada.as.mutation(moveToProject, { sessionId, projectId: null });
    expect(await session(displayId)).toMatchObject({ projectId: null, includesContext: true });
    await ada.as.mutation(setContextIncluded, { sessionId, isIncluded: false });

    await ada.as.mutation(moveToProject, { sessionId, projectId });
    expect(await session(displayId)).toMatchObject({ projectId, includesContext: true });
    await ada.as.mutation(setContextIncluded, { sessionId, isIncluded: false });
    await ada.as.mutation(moveToProject, { sessionId, projectId });
    expect(await session(displayId)).toMatchObject({ projectId, includesContext: false });

    await ada.as.mutation(setContextIncluded, { sessionId, isIncluded: true });
    await ada.as.mutation(moveToProject, { sessionId, projectId: null });
    expect(await session(displayId)).toMatchObject({ projectId: null, includesContext: false });

    await ada.as.mutation(api.account.settings.updateSettings, { includesContext: true });
    await ada.as.mutation(moveToProject, { sessionId, projectId });
    await ada.as.mutation(moveToProject, { sessionId, projectId: null });
    expect(await session(displayId)).toMatchObject({ projectId: null, includesContext: true });
  });

  test("is for the person's own chats and own projects that are there", async () => {
    const { sessionId, displayId } = await answered("Ovens");
    const mine = await project();
    const bobs = await project(bob);
    const gone = await project();
    await ada.as.mutation(api.projects.projects.removeProject, { projectId: gone });
    for (const [person, projectId] of [
      [ada, bobs],
      [ada, gone],
      [bob, bobs],
      [bob, mine],
      [bob, null],
    ] as const) {
      const moved = person.as.mutation(moveToProject, { sessionId, projectId });
      await expect(moved).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
    }
    expect(await session(displayId)).toMatchObject({ projectId: null, includesContext: false });
  });

  test("lists a project's chats at hand, the one last used first, to nobody else", async () => {
    const mine = await project();
    const titles = async ({ as } = ada, projectId = mine) => {
      const args = { projectId, paginationOpts: FIRST_PAGE };
      return (await as.query(listSessionsOfProject, args)).page.map(({ title }) => title);
    };
    const [ovens, flour, lease] = [
      await answered("Ovens"),
      await answered("Flour"),
      await answered("Lease"),
    ];
    await answered("Of no project");
    for (const { sessionId } of [lease, flour, ovens]) {
      await ada.as.mutation(moveToProject, { sessionId, projectId: mine });
    }
    expect(await titles()).toEqual(["Lease", "Flour", "Ovens"]);
    await ada.as.mutation(setArchived, { sessionIds: [flour.sessionId], isArchived: true });
    await ada.as.mutation(deleteSessions, { sessionIds: [lease.sessionId] });
    expect(await titles()).toEqual(["Ovens"]);
    expect(await titles(bob)).toEqual([]);
    expect(await titles(ada, await project())).toEqual([]);
  });
});
