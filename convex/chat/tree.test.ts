import { beforeEach, expect, test } from "vitest";
import { api, internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { type Deployment, type Person, freshDeployment, signUp, startWriting } from "../test.setup";
import { ANSWER_MAX_CHARACTERS } from "./limits";

const { sendChatMessage, listMessages } = api.chat.messages;
const { editMessage, showVersion } = api.chat.versions;

type MessageId = Id<"chatMessages">;

let deployment: Deployment;
let ada: Person;

beforeEach(async () => {
  deployment = freshDeployment({ transactionLimits: true });
  ada = await signUp(deployment);
});

async function shown(sessionId: Id<"chatSessions">) {
  const paginationOpts = { numItems: 10, cursor: null };
  const { page } = await ada.as.query(listMessages, { sessionId, paginationOpts });
  return page.toReversed();
}

async function texts(sessionId: Id<"chatSessions">) {
  return (await shown(sessionId)).map(({ content }) => content);
}

async function answer(messageId: MessageId, content: string) {
  await startWriting(deployment, messageId);
  const end = { messageId, content, tokens: null, failure: null };
  await deployment.mutation(internal.chat.streams.finalizeStreamMessage, end);
}

/** A first turn: its question, and the answer to it. */
async function turn() {
  const args = { content: "One", clientKey: "one" };
  const { sessionId, answerId } = await ada.as.mutation(sendChatMessage, args);
  await answer(answerId, "First");
  return { sessionId, answerId, questionId: (await shown(sessionId))[0]!._id };
}

/** Has so many long answers stand one below the other, the first below `below`. Gives the last. */
async function grow(below: MessageId, answers: number, content: string, isShown: boolean) {
  const message = await deployment.run((ctx) => ctx.db.get("chatMessages", below));
  const { _id, _creationTime, ...fields } = message!;
  let parentId = below;
  for (let n = 0; n < answers; n++) {
    const long = { ...fields, content, parentId, isShown, clientKey: `long ${n}` };
    parentId = await deployment.run((ctx) => ctx.db.insert("chatMessages", long));
  }
  return parentId;
}

const NINE_MEGABYTES = [150, "a".repeat(60_000)] as const;
const tooLong = { data: { code: "TOO_LONG_TO_SWITCH" } };

test("an edit is refused with more text below than a transaction can read again, and nothing is charged", async () => {
  const { answerId, questionId } = await turn();
  await grow(answerId, ...NINE_MEGABYTES, true);
  const args = { messageId: questionId, content: "Uno", clientKey: "edit" };
  await expect(ada.as.mutation(editMessage, args)).rejects.toMatchObject(tooLong);
  const { creditsRemaining } = await ada.as.query(api.credits.usage.current, {});
  expect(creditsRemaining).toBe(97);
});

test("a version is not shown with so much below it, and the one that is stays", async () => {
  const { sessionId, answerId, questionId } = await turn();
  const edit = { messageId: questionId, content: "Uno", clientKey: "edit" };
  const edited = await ada.as.mutation(editMessage, edit);
  await answer(edited.answerId, "Primo");
  await grow(answerId, ...NINE_MEGABYTES, false);
  const show = ada.as.mutation(showVersion, { messageId: questionId, version: 1 });
  await expect(show).rejects.toMatchObject(tooLong);
  expect(await texts(sessionId)).toEqual(["Uno", "Primo"]);
});

test.each([12, 30])(
  "what was found below %d of the longest answers, of which none is shown, is not gone to",
  async (answers) => {
    const { sessionId, answerId } = await turn();
    const found = await grow(answerId, answers, "漢".repeat(ANSWER_MAX_CHARACTERS), false);
    const reveal = ada.as.mutation(api.chat.search.revealMessage, { messageId: found });
    await expect(reveal).rejects.toMatchObject(tooLong);
    expect(await texts(sessionId)).toEqual(["One", "First"]);
  },
);
