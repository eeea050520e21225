import { expect, test } from "vitest";
import { api } from "../_generated/api";
import { ada, bob, deployment, meetTwoPeople } from "../people.setup";

const { search, revealMessage } = api.chat.search;

meetTwoPeople();

async function ask(content: string, { as } = ada) {
  const turn = await as.mutation(api.chat.messages.sendChatMessage, {
    content,
    clientKey: content,
  });
  await as.mutation(api.chat.messages.stopMessage, { messageId: turn.answerId, seenLength: 0 });
  return turn;
}

test("titles and messages are found by words and by how the last word begins", async () => {
  const { sessionId } = await ask("Spring tides and neap tides");
  await ask("The price of bread");
  await ada.as.mutation(api.chat.organise.renameSession, { sessionId, title: "Moon and sea" });
  const byText = await ada.as.query(search, { query: "neap ti" });
  expect(byText.sessions).toEqual([]);
  expect(byText.messages).toMatchObject([
    { displayId: "CH-000001", title: "Moon and sea", role: "user" },
  ]);
  expect(byText.messages[0]?.snippet.marks.length).toBeGreaterThan(0);
  const byTitle = await ada.as.query(search, { query: "MOON" });
  expect(byTitle.sessions).toMatchObject([
    { displayId: "CH-000001", title: { text: "Moon and sea", marks: [{ start: 0, end: 4 }] } },
  ]);
});

test("a query without words finds nothing", async () => {
  await ask("Spring tides");
  for (const query of ["", "  ", "?!"]) {
    expect(await ada.as.query(search, { query })).toEqual({ sessions: [], messages: [] });
  }
});

test("nothing of other people or of deleted chats is found; what is archived is", async () => {
  await ask("Secret tides", bob);
  const gone = await ask("Deleted tides");
  const kept = await ask("Archived tides");
  await ada.as.mutation(api.chat.organise.deleteSessions, { sessionIds: [gone.sessionId] });
  await ada.as.mutation(api.chat.organise.setArchived, {
    sessionIds: [kept.sessionId],
    isArchived: true,
  });
  const { sessions, messages } = await ada.as.query(search, { query: "tides" });
  expect(sessions.map(({ title }) => title.text)).toEqual(["Archived tides"]);
  expect(messages.map(({ snippet }) => snippet.text)).toEqual(["Archived tides"]);
});

test("an earlier version that was found is shown again; what is not one's own is not there", async () => {
  const turn = await ask("Old words");
  const [question] = await deployment.run((ctx) =>
    ctx.db
      .query("chatMessages")
      .withIndex("by_sessionId_and_isShown", (q) => q.eq("sessionId", turn.sessionId))
      .take(1),
  );
  if (question === undefined) throw new Error("no question");
  const edited = await ada.as.mutation(api.chat.versions.editMessage, {
    messageId: question._id,
    content: "New words",
    clientKey: "edit",
  });
  const { messages } = await ada.as.query(search, { query: "old" });
  const messageId = messages[0]?._id ?? "";
  expect(messageId).toBe(question._id);
  // What is shown may be gone to beside an answer that runs; to show another version may not.
  expect(await ada.as.mutation(revealMessage, { messageId: edited.answerId })).toBe(true);
  const reveal = ada.as.mutation(revealMessage, { messageId });
  await expect(reveal).rejects.toMatchObject({ data: { code: "ANSWER_RUNNING" } });
  await ada.as.mutation(api.chat.messages.stopMessage, {
    messageId: edited.answerId,
    seenLength: 0,
  });
  expect(await bob.as.mutation(revealMessage, { messageId })).toBe(false);
  expect(await ada.as.mutation(revealMessage, { messageId: "nonsense" })).toBe(false);
  expect(await ada.as.mutation(revealMessage, { messageId })).toBe(true);
  const { page } = await ada.as.query(api.chat.messages.listMessages, {
    sessionId: turn.sessionId,
    paginationOpts: { numItems: 10, cursor: null },
  });
  expect(page.at(-1)?.content).toBe("Old words");
});
