import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { refused, streamed, stubTitles, wholeAnswer } from "../model.setup";
import { type Deployment, type Person, freshDeployment, signUp } from "../test.setup";
import { cleanTitle } from "./titles";

let deployment: Deployment;
let ada: Person;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.spyOn(console, "warn").mockReturnValue();
  deployment = freshDeployment();
  ada = await signUp(deployment);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

let keys = 0;
async function send(content: string, displayId?: string) {
  const session = displayId && (await ada.as.query(api.chat.sessions.getSession, { displayId }));
  return await ada.as.mutation(api.chat.messages.sendChatMessage, {
    content,
    clientKey: `key ${++keys}`,
    ...(session ? { sessionId: session._id } : {}),
  });
}

async function settle() {
  await deployment.finishAllScheduledFunctions(vi.runAllTimers);
}

async function title() {
  const displayId = "CH-000001";
  return (await ada.as.query(api.chat.sessions.getSession, { displayId }))?.title;
}

test("the first whole answer gives the chat a title, once and for no credits", async () => {
  const calls = stubTitles(streamed(wholeAnswer("**Double-entry ", "ledgers**.")));
  await send("What is a ledger, and why are there two sides?");
  await settle();
  expect(await title()).toBe("Double-entry ledgers");
  await send("And a journal?", "CH-000001");
  await settle();
  expect(calls).toHaveLength(1);
  expect(calls[0]?.body.messages.at(-1)?.content).toContain("What is a ledger");
  expect((await ada.as.query(api.credits.usage.current, {})).creditsRemaining).toBe(94);
});

test("a title that cannot be had leaves the one cut from the text, and is asked for again later", async () => {
  stubTitles(refused(400, "nothing"), streamed(wholeAnswer("Ledgers")));
  await send("What is a ledger?");
  await settle();
  expect(await title()).toBe("What is a ledger?");
  await send("And a journal?", "CH-000001");
  await settle();
  expect(await title()).toBe("Ledgers");
});

test("the first question that got a whole answer gives the title, however many failed before it", async () => {
  const calls = stubTitles(streamed(wholeAnswer("Ledgers")));
  vi.stubEnv("AZURE_OPENAI_KEY", "");
  await send("What is a book?");
  await settle();
  for (let n = 1; n < 5; n++) {
    await send(`What is a book? (${n})`, "CH-000001");
    await settle();
  }
  expect(await title()).toBe("What is a book?");
  vi.stubEnv("AZURE_OPENAI_KEY", "key");
  await send("What is a ledger?", "CH-000001");
  await settle();
  expect(await title()).toBe("Ledgers");
  expect(calls[0]?.body.messages.at(-1)?.content).toContain(
    "The question:\n\nWhat is a ledger?\n\nThe answer:\n\nYes",
  );
});

test.each([
  ["nothing", " \n "],
  ["a lecture", "word ".repeat(200)],
])("of a model that answers with %s is no title", async (_, reply) => {
  stubTitles(streamed(wholeAnswer(reply)));
  await send("What is a ledger?");
  await settle();
  expect(await title()).toBe("What is a ledger?");
});

test("a name that the person gave is never replaced, nor asked for", async () => {
  const calls = stubTitles(streamed(wholeAnswer("Ledgers")));
  const { sessionId } = await send("What is a ledger?");
  await ada.as.mutation(api.chat.organise.renameSession, { sessionId, title: "  My\n books " });
  await settle();
  expect(await title()).toBe("My books");
  expect(calls).toHaveLength(0);
});

test("a chat that was deleted meanwhile is asked no title for", async () => {
  const calls = stubTitles(streamed(wholeAnswer("Ledgers")));
  const { sessionId, answerId } = await send("What is a ledger?");
  await ada.as.mutation(api.chat.organise.deleteSessions, { sessionIds: [sessionId] });
  await ada.as.action(api.chat.generation.generateReply, { messageId: answerId });
  vi.advanceTimersByTime(1);
  await deployment.finishInProgressScheduledFunctions();
  expect(calls).toHaveLength(0);
});

test("a title is asked for what is shown, and not for an earlier version", async () => {
  const calls = stubTitles(refused(400, "nothing"), streamed(wholeAnswer("Journals")));
  const { sessionId } = await send("What is a ledger?");
  await settle();
  const paginationOpts = { numItems: 10, cursor: null };
  const { page } = await ada.as.query(api.chat.messages.listMessages, {
    sessionId,
    paginationOpts,
  });
  const edit = { messageId: page.at(-1)!._id, content: "What is a journal?", clientKey: "edit" };
  await ada.as.mutation(api.chat.versions.editMessage, edit);
  await settle();
  expect(calls.at(-1)?.body.messages.at(-1)?.content).toContain("What is a journal?");
  expect(await title()).toBe("Journals");
});

test("a name given while the model writes a title stands", async () => {
  let rename = async () => {};
  stubTitles((call) => {
    void rename();
    return streamed(wholeAnswer("Ledgers"))(call);
  });
  const { sessionId } = await send("What is a ledger?");
  rename = async () => {
    await ada.as.mutation(api.chat.organise.renameSession, { sessionId, title: "Mine" });
  };
  await settle();
  expect(await title()).toBe("Mine");
});

test.each([
  ['"Tides and moons."', "Tides and moons"],
  ["\n\n# Title: Tides", "Tides"],
  ["**Title:** Tides\nBecause …", "Tides"],
  ["「潮」 と月", "「潮」 と月"],
  ["…", "…"],
  ['""', null],
])("of %s the title is %s", (reply, expected) => {
  expect(cleanTitle(reply)).toBe(expected);
});
