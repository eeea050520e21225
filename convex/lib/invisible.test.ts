import { expect, test } from "vitest";
import { api } from "../_generated/api";
import { ask, streamed, stubModel, wholeAnswer } from "../model.setup";
import { ada, deployment, meetTwoPeople } from "../people.setup";

// What nobody can see is no text, whoever writes it and wherever it is written.

const { messages, organise, queue, versions } = api.chat;
const { drafts, projects, tasks } = api.projects;

const INVISIBLE = [
  ["a zero-width space", "\u200b"],
  ["marks of direction between blanks", " \u200e\u2066 \u2069\n"],
  ["a soft hyphen and a joiner", "\u00ad\u200d"],
] as const;

meetTwoPeople();

const credits = async () => (await ada.as.query(api.credits.usage.current, {})).creditsRemaining;

test.each(INVISIBLE)("%s is no message, and nothing is charged for it", async (_, content) => {
  const empty = { data: { code: "EMPTY_MESSAGE" } };
  const send = ada.as.mutation(messages.sendChatMessage, { content, clientKey: "k1" });
  await expect(send).rejects.toMatchObject(empty);

  const { sessionId, answerId } = await ada.as.mutation(messages.sendChatMessage, {
    content: "How high?",
    clientKey: "k2",
  });
  const queued = ada.as.mutation(queue.queueMessage, { sessionId, content, clientKey: "k3" });
  await expect(queued).rejects.toMatchObject(empty);
  await ada.as.mutation(messages.stopMessage, { messageId: answerId, seenLength: 0 });
  const [question] = await deployment.run((ctx) => ctx.db.query("chatMessages").collect());
  const args = { messageId: question!._id, content, clientKey: "k4" };
  await expect(ada.as.mutation(versions.editMessage, args)).rejects.toMatchObject(empty);
  expect(await credits()).toBe(100);
});

test.each(INVISIBLE)("%s is no name of anything", async (_, name) => {
  stubModel(streamed(wholeAnswer("Two metres.")));
  const { sessionId } = await ask(ada, "How high?");
  const invalid = { data: { code: "INVALID_REQUEST" } };
  const renamed = ada.as.mutation(organise.renameSession, { sessionId, title: name });
  await expect(renamed).rejects.toMatchObject(invalid);

  const fields = { name, description: "", links: [] };
  await expect(ada.as.mutation(projects.createProject, fields)).rejects.toMatchObject(invalid);
  const project = await ada.as.mutation(projects.createProject, { ...fields, name: "Bakery" });
  const task = { projectId: project._id, title: name };
  await expect(ada.as.mutation(tasks.addTask, task)).rejects.toMatchObject(invalid);
  const goal = { goal: name, clientKey: "k" };
  await expect(ada.as.mutation(drafts.startDraft, goal)).rejects.toMatchObject(invalid);

  await ada.as.mutation(api.account.settings.updateSettings, { name });
  expect(await ada.as.query(api.account.settings.getSettings, {})).toMatchObject({ name: "" });
});

test.each(INVISIBLE)("an answer of %s alone is none, and is given back", async (_, text) => {
  stubModel(streamed(wholeAnswer(text)));
  const { answerId } = await ask(ada, "How high?");
  const answer = await deployment.run((ctx) => ctx.db.get("chatMessages", answerId));
  expect(answer).toMatchObject({ status: "failed", error: { code: "EMPTY_ANSWER" } });
  expect(await credits()).toBe(100);
});

test.each(INVISIBLE)("of %s nothing is attached", async (_, text) => {
  const { sessionId } = await ada.as.mutation(messages.sendChatMessage, {
    content: "How high?",
    attachments: [{ name: "a.txt", text }],
    clientKey: "k",
  });
  const args = { sessionId, paginationOpts: { numItems: 9, cursor: null } };
  const { page } = await ada.as.query(messages.listMessages, args);
  expect(page.map(({ attachments }) => attachments)).toEqual([[], []]);
});
