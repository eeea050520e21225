import { beforeEach, describe, expect, test } from "vitest";
import { api, internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { type Deployment, type Person, freshDeployment, signUp, startWriting } from "../test.setup";
import { MESSAGE_MAX_CHARACTERS } from "./limits";

const FIRST_PAGE = { numItems: 50, cursor: null };
const { sendChatMessage, stopMessage, listMessages } = api.chat.messages;
const { regenerateMessage } = api.chat.versions;
const { startStreamingMessage, finalizeStreamMessage } = internal.chat.streams;

let deployment: Deployment;
let ada: Person;

beforeEach(async () => {
  deployment = freshDeployment();
  ada = await signUp(deployment, "ada@example.com");
});

async function messagesOf({ as }: Person, sessionId: Id<"chatSessions">) {
  const { page } = await as.query(listMessages, { sessionId, paginationOpts: FIRST_PAGE });
  return page.toReversed();
}

async function creditsOf({ as }: Person) {
  return (await as.query(api.credits.usage.current, {})).creditsRemaining;
}

/** Everything that is stored, to show that a refusal leaves nothing behind. */
async function everything() {
  return await deployment.run(async (ctx) => ({
    sessions: await ctx.db.query("chatSessions").collect(),
    messages: await ctx.db.query("chatMessages").collect(),
    ledger: await ctx.db.query("creditLedger").collect(),
    leases: await ctx.db.query("chatLeases").collect(),
    counters: await ctx.db.query("displayIdCounters").collect(),
  }));
}

/** Writes an answer without a model. */
async function write(answerId: Id<"chatMessages">, ...texts: string[]) {
  const append = await startWriting(deployment, answerId);
  for (const [sequence, text] of texts.entries()) await append({ sequence, text });
  return append;
}

async function end(answerId: Id<"chatMessages">, content: string, failed = false) {
  const failure = failed ? ("CUT_OFF" as const) : null;
  const args = { messageId: answerId, content, tokens: null, failure };
  return await deployment.mutation(finalizeStreamMessage, args);
}

describe("a send", () => {
  test("opens a session, takes three credits and leaves an answer to be written", async () => {
    const turn = await ada.as.mutation(sendChatMessage, {
      content: " What is a ledger? ",
      clientKey: "k1",
    });
    expect(turn.displayId).toBe("CH-000001");
    const session = await ada.as.query(api.chat.sessions.getSession, { displayId: "CH-000001" });
    expect(session).toMatchObject({ title: "What is a ledger?", messageCount: 2 });
    expect(await messagesOf(ada, turn.sessionId)).toMatchObject([
      { role: "user", content: "What is a ledger?", status: "complete", creditsUsed: 0 },
      { role: "assistant", content: "", status: "pending", creditsUsed: 3, _id: turn.answerId },
    ]);
    expect(await creditsOf(ada)).toBe(97);
  });

  test("with the key of an earlier one is that one", async () => {
    const args = { content: "Hello", clientKey: "same" };
    const first = await ada.as.mutation(sendChatMessage, args);
    const before = await everything();
    const again = await Promise.all(
      Array.from({ length: 9 }, () => ada.as.mutation(sendChatMessage, args)),
    );
    expect(again.every((turn) => turn.answerId === first.answerId)).toBe(true);
    expect(await everything()).toEqual(before);
  });

  test("with the key that somebody else used is a send of its own", async () => {
    const bob = await signUp(deployment, "bob@example.com");
    const args = { content: "Hello", clientKey: "same" };
    const hers = await ada.as.mutation(sendChatMessage, args);
    const his = await bob.as.mutation(sendChatMessage, args);
    expect(his.answerId).not.toBe(hers.answerId);
    expect(his.displayId).toBe("CH-000001");
  });

  test.each([
    ["nothing but spaces", " \n\t ", "EMPTY_MESSAGE"],
    ["too much text", "x".repeat(MESSAGE_MAX_CHARACTERS + 1), "MESSAGE_TOO_LONG"],
  ])("of %s is refused and leaves nothing", async (_, content, code) => {
    const before = await everything();
    const send = ada.as.mutation(sendChatMessage, { content, clientKey: "k" });
    await expect(send).rejects.toMatchObject({ data: { code } });
    expect(await everything()).toEqual(before);
  });

  test("of the longest allowed text is accepted", async () => {
    const content = "x".repeat(MESSAGE_MAX_CHARACTERS);
    await ada.as.mutation(sendChatMessage, { content, clientKey: "k" });
  });

  test.each(["", "k".repeat(101)])("with the key “%s” is refused", async (clientKey) => {
    const send = ada.as.mutation(sendChatMessage, { content: "Hello", clientKey });
    await expect(send).rejects.toMatchObject({ data: { code: "INVALID_REQUEST" } });
  });

  test("while an answer of the session is being written is refused, then accepted", async () => {
    const { sessionId, answerId } = await ada.as.mutation(sendChatMessage, {
      content: "One",
      clientKey: "k1",
    });
    const second = { sessionId, content: "Two", clientKey: "k2" };
    const before = await everything();
    await expect(ada.as.mutation(sendChatMessage, second)).rejects.toMatchObject({
      data: { code: "ANSWER_RUNNING" },
    });
    expect(await everything()).toEqual(before);
    await write(answerId, "Yes");
    await end(answerId, "Yes");
    await ada.as.mutation(sendChatMessage, second);
    expect((await messagesOf(ada, sessionId)).map(({ content }) => content)).toEqual([
      "One",
      "Yes",
      "Two",
      "",
    ]);
  });

  test("of two at once to one session, one is accepted", async () => {
    const { sessionId, answerId } = await ada.as.mutation(sendChatMessage, {
      content: "One",
      clientKey: "k1",
    });
    await write(answerId, "Yes");
    await end(answerId, "Yes");
    const results = await Promise.allSettled(
      ["k2", "k3"].map((clientKey) =>
        ada.as.mutation(sendChatMessage, { sessionId, content: "Two", clientKey }),
      ),
    );
    expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(await creditsOf(ada)).toBe(94);
  });

  test("without enough credits says the cost, the balance and the reset, and leaves nothing", async () => {
    for (let i = 0; i < 33; i++) {
      await ada.as.mutation(sendChatMessage, { content: "Hello", clientKey: `k${i}` });
    }
    const before = await everything();
    const send = ada.as.mutation(sendChatMessage, { content: "One more", clientKey: "last" });
    await expect(send).rejects.toMatchObject({
      data: {
        code: "INSUFFICIENT_CREDITS",
        cost: 3,
        balance: 1,
        nextResetAt: expect.any(Number) as number,
      },
    });
    expect(await everything()).toEqual(before);
  });
});

describe("a failed answer", () => {
  async function failedTurn(text: string) {
    const turn = await ada.as.mutation(sendChatMessage, { content: "Hello", clientKey: "k1" });
    await write(turn.answerId, text);
    await end(turn.answerId, text, true);
    return turn;
  }

  test("without text gives its credits back and says so", async () => {
    const { sessionId } = await failedTurn("");
    const [, answer] = await messagesOf(ada, sessionId);
    expect(answer).toMatchObject({ status: "failed", creditsUsed: 0, error: { code: "CUT_OFF" } });
    expect(answer?.error?.message).toContain("You were not charged.");
    expect(await creditsOf(ada)).toBe(100);
  });

  test("with text keeps both the text and the charge, and says so", async () => {
    const { sessionId } = await failedTurn("Half an ans");
    const [, answer] = await messagesOf(ada, sessionId);
    expect(answer).toMatchObject({ status: "failed", content: "Half an ans", creditsUsed: 3 });
    expect(answer?.error?.message).toContain("3 credits");
    expect(await creditsOf(ada)).toBe(97);
  });

  test("may be asked for again, once per key, and the new answer takes its place", async () => {
    const { sessionId, answerId } = await failedTurn("");
    const args = { messageId: answerId, clientKey: "again" };
    const retry = await ada.as.mutation(regenerateMessage, args);
    expect(await ada.as.mutation(regenerateMessage, args)).toEqual(retry);
    expect(await messagesOf(ada, sessionId)).toMatchObject([
      { role: "user" },
      { _id: retry.answerId, status: "pending", version: 1, versionCount: 1 },
    ]);
    expect(await creditsOf(ada)).toBe(97);
  });

  test("that was asked for again is not paid for twice when its send comes once more", async () => {
    const { answerId } = await failedTurn("");
    const retry = { messageId: answerId, clientKey: "again" };
    const again = await ada.as.mutation(regenerateMessage, retry);
    await write(again.answerId, "Yes");
    await end(again.answerId, "Yes");
    const before = await everything();
    const late = await ada.as.mutation(sendChatMessage, { content: "Hello", clientKey: "k1" });
    expect(late).toEqual(again);
    expect(await everything()).toEqual(before);
    expect(await creditsOf(ada)).toBe(97);
  });

  test("counts as one message however often it is asked for again", async () => {
    let turn = await failedTurn("");
    for (const clientKey of ["again", "and again"]) {
      turn = await ada.as.mutation(regenerateMessage, { messageId: turn.answerId, clientKey });
      await end(turn.answerId, "", true);
    }
    const { displayId } = turn;
    const session = await ada.as.query(api.chat.sessions.getSession, { displayId });
    expect(session?.messageCount).toBe(2);
  });

  test("that was paid for and is asked for again is a new paid turn", async () => {
    const { answerId } = await failedTurn("Half");
    await ada.as.mutation(regenerateMessage, { messageId: answerId, clientKey: "again" });
    expect(await creditsOf(ada)).toBe(94);
  });
});

describe("a stop", () => {
  test("keeps what was seen, whatever was written, and its charge", async () => {
    const turn = await ada.as.mutation(sendChatMessage, { content: "Hello", clientKey: "k1" });
    const append = await write(turn.answerId, "One two", " three");
    await ada.as.mutation(stopMessage, { messageId: turn.answerId, seenLength: 3 });
    expect(await append({ sequence: 2, text: " four" })).toBeNull();
    expect(await end(turn.answerId, "One two three four")).toBe(false);
    const [, answer] = await messagesOf(ada, turn.sessionId);
    expect(answer).toMatchObject({ status: "stopped", content: "One", creditsUsed: 3 });
    expect(await creditsOf(ada)).toBe(97);
  });

  test("before any text gives the credits back", async () => {
    const turn = await ada.as.mutation(sendChatMessage, { content: "Hello", clientKey: "k1" });
    await ada.as.mutation(stopMessage, { messageId: turn.answerId, seenLength: 0 });
    expect((await messagesOf(ada, turn.sessionId))[1]).toMatchObject({
      status: "stopped",
      creditsUsed: 0,
    });
    expect(await creditsOf(ada)).toBe(100);
    const start = { messageId: turn.answerId, caller: null };
    expect(await deployment.mutation(startStreamingMessage, start)).toBeNull();
  });

  test("by a client that saw nothing of a written answer keeps all of it, and its charge", async () => {
    const turn = await ada.as.mutation(sendChatMessage, { content: "Hello", clientKey: "k1" });
    await write(turn.answerId, "All of it");
    await ada.as.mutation(stopMessage, { messageId: turn.answerId, seenLength: -5 });
    expect((await messagesOf(ada, turn.sessionId))[1]).toMatchObject({
      status: "stopped",
      content: "All of it",
      creditsUsed: 3,
    });
    expect(await creditsOf(ada)).toBe(97);
  });

  test("by a client that saw nothing but blanks keeps what was written too", async () => {
    const { answerId, sessionId } = await ada.as.mutation(sendChatMessage, {
      content: "Hello",
      clientKey: "k1",
    });
    await write(answerId, "\n\nOne two");
    await ada.as.mutation(stopMessage, { messageId: answerId, seenLength: 2 });
    expect((await messagesOf(ada, sessionId)).at(-1)).toMatchObject({
      status: "stopped",
      content: "\n\nOne two",
      creditsUsed: 3,
    });
  });

  test("is of an answer alone", async () => {
    const args = { content: "Hello", clientKey: "k1" };
    const { sessionId } = await ada.as.mutation(sendChatMessage, args);
    const [question] = await messagesOf(ada, sessionId);
    const stop = ada.as.mutation(stopMessage, { messageId: question!._id, seenLength: 0 });
    await expect(stop).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
  });

  test("of an answer that has ended changes nothing", async () => {
    const turn = await ada.as.mutation(sendChatMessage, { content: "Hello", clientKey: "k1" });
    await write(turn.answerId, "Yes");
    await end(turn.answerId, "Yes");
    await ada.as.mutation(stopMessage, { messageId: turn.answerId, seenLength: 1 });
    expect((await messagesOf(ada, turn.sessionId))[1]).toMatchObject({
      status: "complete",
      content: "Yes",
    });
  });
});

describe("what is somebody else's", () => {
  test("looks like what does not exist", async () => {
    const bob = await signUp(deployment, "bob@example.com");
    const { sessionId, displayId, answerId } = await ada.as.mutation(sendChatMessage, {
      content: "Private",
      clientKey: "k1",
    });
    await write(answerId, "Secret");
    const notFound = { data: { code: "NOT_FOUND" } };
    const { getSession, listSessions } = api.chat.sessions;
    const { streamState, streamPage } = api.chat.streams;

    expect(await bob.as.query(getSession, { displayId })).toBeNull();
    expect((await bob.as.query(listSessions, { paginationOpts: FIRST_PAGE })).page).toEqual([]);
    await expect(messagesOf(bob, sessionId)).rejects.toMatchObject(notFound);
    const send = { sessionId, content: "Hello", clientKey: "b1" };
    await expect(bob.as.mutation(sendChatMessage, send)).rejects.toMatchObject(notFound);
    const stop = { messageId: answerId, seenLength: 0 };
    await expect(bob.as.mutation(stopMessage, stop)).rejects.toMatchObject(notFound);
    const retry = { messageId: answerId, clientKey: "b2" };
    await expect(bob.as.mutation(regenerateMessage, retry)).rejects.toMatchObject(notFound);
    expect(await bob.as.query(streamState, { messageId: answerId })).toEqual({ pages: 0 });
    expect(await bob.as.query(streamPage, { messageId: answerId, page: 0 })).toBeNull();

    await deployment.run((ctx) => ctx.db.delete("chatMessages", answerId));
    await expect(ada.as.mutation(stopMessage, stop)).rejects.toMatchObject(notFound);
    await expect(ada.as.mutation(regenerateMessage, retry)).rejects.toMatchObject(notFound);
  });

  test("is closed to people who are signed out", async () => {
    const { sessionId } = await ada.as.mutation(sendChatMessage, {
      content: "Private",
      clientKey: "k1",
    });
    const list = deployment.query(listMessages, { sessionId, paginationOpts: FIRST_PAGE });
    await expect(list).rejects.toMatchObject({ data: { code: "UNAUTHENTICATED" } });
    const send = deployment.mutation(sendChatMessage, { content: "Hello", clientKey: "k" });
    await expect(send).rejects.toMatchObject({ data: { code: "UNAUTHENTICATED" } });
  });
});

test("sessions are listed by the person's last activity, and an answer's end is none", async () => {
  const one = await ada.as.mutation(sendChatMessage, { content: "One", clientKey: "k1" });
  await ada.as.mutation(sendChatMessage, { content: "Two", clientKey: "k2" });
  await write(one.answerId, "Yes");
  await end(one.answerId, "Yes");
  const titles = async () => {
    const { listSessions } = api.chat.sessions;
    const { page } = await ada.as.query(listSessions, { paginationOpts: FIRST_PAGE });
    return page.map(({ title, displayId }) => `${displayId} ${title}`);
  };
  expect(await titles()).toEqual(["CH-000002 Two", "CH-000001 One"]);
});
