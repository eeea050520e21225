import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { ask as askAs, type ModelCall, streamed, stubModel, wholeAnswer } from "../model.setup";
import { type Deployment, freshDeployment, type Person, signUp } from "../test.setup";
import {
  ATTACHMENT_MAX_CHARACTERS,
  ATTACHMENT_NAME_MAX_CHARACTERS,
  ATTACHMENTS_MAX,
  ATTACHMENTS_MAX_CHARACTERS,
  CONTEXT_MAX_TOKENS,
} from "./limits";

const { sendChatMessage, listMessages } = api.chat.messages;
const { whatWasSent, previewContext, setContextIncluded } = api.chat.requests;

let deployment: Deployment;
let ada: Person;
let calls: ModelCall[];

beforeEach(async () => {
  deployment = freshDeployment();
  ada = await signUp(deployment);
  calls = stubModel(streamed(wholeAnswer("Yes")));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

const ask = (content: string, more: Parameters<typeof askAs>[2] = {}) => askAs(ada, content, more);

const sentLast = () => calls.at(-1)?.body.messages ?? [];

async function project(name: string, ...tasks: string[]) {
  const { createProject } = api.projects.projects;
  const { _id } = await ada.as.mutation(createProject, { name, description: "", links: [] });
  for (const title of tasks) {
    await ada.as.mutation(api.projects.tasks.addTask, { projectId: _id, title });
  }
  return _id;
}

describe("the context", () => {
  test("is not sent unless asked for, and is kept per chat", async () => {
    await project("Bakery launch", "Order flour");
    const first = await ask("Hello");
    expect(sentLast()[0]?.content).not.toContain("Bakery launch");

    const { sessionId } = first;
    await ada.as.mutation(setContextIncluded, { sessionId, isIncluded: true });
    await ask("And now?", { sessionId });
    expect(sentLast()[0]?.content).toContain("Bakery launch");
    expect(sentLast()[0]?.content).toContain("Order flour");

    await ask("Elsewhere");
    expect(sentLast()[0]?.content).not.toContain("Bakery launch");
  });

  test("can be asked for with the first message", async () => {
    await project("Bakery launch");
    const { displayId } = await ask("Hello", { includesContext: true });
    expect(sentLast()[0]?.content).toContain("Bakery launch");
    const session = await ada.as.query(api.chat.sessions.getSession, { displayId });
    expect(session?.includesContext).toBe(true);
  });

  test("is not spoken of when there is nothing to tell", async () => {
    await ask("Hello", { includesContext: true });
    expect(sentLast()[0]?.content).not.toContain("projects and tasks");
    await project("Bakery launch");
    await ask("Hello", { includesContext: true });
    expect(sentLast()[0]?.content).toContain("projects and tasks");
  });

  test("keeps to its budget, and shows beforehand what it holds", async () => {
    for (let i = 0; i < 5; i++) {
      const tasks = Array.from(
        { length: 8 },
        (_, n) => `Task ${n} ${"and more of it ".repeat(12)}`,
      );
      await project(`Project ${i}`, ...tasks);
    }
    const { text, items } = await ada.as.query(previewContext, {});
    expect(items.length).toBeGreaterThan(5);
    expect(items.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(
      CONTEXT_MAX_TOKENS,
    );
    await ask("Hello", { includesContext: true });
    expect(sentLast()[0]?.content.endsWith(text)).toBe(true);
  });

  test("of a chat in a project is shown beforehand, and is of that project alone", async () => {
    const projectId = await project("Bakery launch", "Order flour");
    await project("Garden", "Plant beans");
    const { text, items } = await ada.as.query(previewContext, { projectId });
    expect(items.map(({ title }) => title)).toEqual(["Bakery launch", "Order flour"]);
    await ask("Hello", { projectId });
    expect(sentLast()[0]?.content.endsWith(text)).toBe(true);
  });

  test("of somebody else's session cannot be changed", async () => {
    const { sessionId } = await ask("Hello");
    const bob = await signUp(deployment, "bob@example.com");
    const change = bob.as.mutation(setContextIncluded, { sessionId, isIncluded: true });
    await expect(change).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
  });
});

describe("what was sent", () => {
  test("is shown word for word, for each answer, also when the projects have changed since", async () => {
    await project("Bakery launch");
    const first = await ask("Hello", {
      includesContext: true,
      attachments: [{ name: "List", text: "flour, salt" }],
    });
    const sentThen = sentLast();
    await project("Another");
    const second = await ask("And now?", { sessionId: first.sessionId });

    const shown = await ada.as.query(whatWasSent, { messageId: first.answerId });
    expect(shown?.model).toBe("o4-mini");
    expect([
      { role: "developer", content: shown?.instructions },
      ...(shown?.messages ?? []),
    ]).toEqual(sentThen);
    expect(shown?.contextItems.map(({ title }) => title)).toEqual(["Bakery launch"]);
    const shownNow = await ada.as.query(whatWasSent, { messageId: second.answerId });
    expect(shownNow?.messages).toEqual(sentLast().slice(1));
  });

  test("is nothing before the answer has begun, and nothing to somebody else", async () => {
    const args = { content: "Hello", clientKey: "k" };
    const { answerId } = await ada.as.mutation(sendChatMessage, args);
    expect(await ada.as.query(whatWasSent, { messageId: answerId })).toBeNull();
    const bob = await signUp(deployment, "bob@example.com");
    const look = bob.as.query(whatWasSent, { messageId: answerId });
    await expect(look).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
  });
});

describe("an attachment", () => {
  test("goes to the model whole, now and as history, and opens for its owner alone", async () => {
    const text = "line\n".repeat(3000);
    const { sessionId } = await ask("Sum this up", { attachments: [{ name: " My\nlog ", text }] });
    expect(sentLast().at(-1)?.content).toContain(text);
    await ask("Shorter", { sessionId });
    expect(sentLast().at(-3)?.content).toContain(text);

    const paginationOpts = { numItems: 10, cursor: null };
    const { page } = await ada.as.query(listMessages, { sessionId, paginationOpts });
    const [attachment] = page.at(-1)?.attachments ?? [];
    if (attachment === undefined) throw new Error("no attachment");
    expect(attachment).toMatchObject({ name: "My log", characters: text.length });
    const look = { attachmentId: attachment.id };
    expect(await ada.as.query(api.chat.attachments.attachmentText, look)).toBe(text);
    const bob = await signUp(deployment, "bob@example.com");
    await expect(bob.as.query(api.chat.attachments.attachmentText, look)).rejects.toMatchObject({
      data: { code: "NOT_FOUND" },
    });
  });

  test.each([
    ["too many", Array.from({ length: ATTACHMENTS_MAX + 1 }, () => "x")],
    ["too long", ["x".repeat(ATTACHMENT_MAX_CHARACTERS + 1)]],
    [
      "too long together",
      Array.from({ length: 3 }, () => "x".repeat(ATTACHMENTS_MAX_CHARACTERS / 3 + 1)),
    ],
  ])("%s is refused, and nothing is written or charged", async (_, texts) => {
    const attachments = texts.map((text) => ({ name: "Pasted text", text }));
    const sent = ada.as.mutation(sendChatMessage, { content: "Hi", clientKey: "k", attachments });
    await expect(sent).rejects.toMatchObject({ data: { code: "ATTACHMENT_REFUSED" } });
    expect((await ada.as.query(api.credits.usage.current, {})).creditsRemaining).toBe(100);
    const stored = await deployment.run((ctx) => ctx.db.query("chatAttachments").collect());
    expect(stored).toEqual([]);
  });

  test("of blanks is left out, as many as may be are taken, and each has a name of one short line", async () => {
    const names = [" ", "x".repeat(ATTACHMENT_NAME_MAX_CHARACTERS + 1), "c", "d", "e"];
    const attachments = [
      { name: "Blank", text: " \n" },
      ...names.map((name) => ({ name, text: "text" })),
    ];
    const { sessionId } = await ask("Sum this up", { attachments });
    const paginationOpts = { numItems: 10, cursor: null };
    const { page } = await ada.as.query(listMessages, { sessionId, paginationOpts });
    expect(page.at(-1)?.attachments.map(({ name }) => name)).toEqual([
      "Attachment",
      "x".repeat(ATTACHMENT_NAME_MAX_CHARACTERS),
      "c",
      "d",
      "e",
    ]);
  });

  test("too old and too long to fit is left out with what stood before it, never the question", async () => {
    const text = "x".repeat(ATTACHMENT_MAX_CHARACTERS);
    const { sessionId } = await ask("First");
    for (let i = 0; i < 4; i++) {
      await ask(`Long ${i}`, { sessionId, attachments: [{ name: "Log", text }] });
    }
    await ask("Last", { sessionId });
    const contents = sentLast().map(({ content }) => content);
    expect(contents.at(-1)).toBe("Last");
    expect(contents.some((content) => content.startsWith("Long 3"))).toBe(true);
    expect(contents.some((content) => content.startsWith("Long 0"))).toBe(false);
    expect(contents).not.toContain("First");
  });
});
