import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { type Deployment, freshDeployment, signUp } from "../test.setup";
import { ANSWER_MAX_CHARACTERS, ATTACHMENT_MAX_CHARACTERS, MESSAGE_MAX_CHARACTERS } from "./limits";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a chat of the longest messages there can be is removed, a few in each transaction", async () => {
  const deployment = freshDeployment({ transactionLimits: true });
  const { as } = await signUp(deployment);
  const { sendChatMessage, stopMessage } = api.chat.messages;
  // Three bytes a letter.
  const content = "漢".repeat(MESSAGE_MAX_CHARACTERS);
  const attachment = { name: "Long", text: "漢".repeat(ATTACHMENT_MAX_CHARACTERS) };
  const attachments = [attachment, attachment];
  let sessionId: Id<"chatSessions"> | undefined;
  const ask = async (clientKey: string) => {
    const args = { content, attachments, clientKey, ...(sessionId ? { sessionId } : {}) };
    return await as.mutation(sendChatMessage, args);
  };
  for (let n = 0; n < 12; n++) {
    const turn = await ask(`k${n}`);
    ({ sessionId } = turn);
    await as.mutation(stopMessage, { messageId: turn.answerId, seenLength: 0 });
    const answer = "漢".repeat(ANSWER_MAX_CHARACTERS);
    await deployment.run((ctx) => ctx.db.patch("chatMessages", turn.answerId, { content: answer }));
  }
  if (sessionId !== undefined) {
    await as.mutation(api.chat.organise.deleteSessions, { sessionIds: [sessionId] });
  }
  await deployment.finishAllScheduledFunctions(vi.runAllTimers);
  expect(await left(deployment)).toEqual([]);
});

test("a chat is removed that was asked again often, for long answers, and shared often when it was long", async () => {
  const deployment = freshDeployment({ transactionLimits: true });
  const { as } = await signUp(deployment);
  const args = { content: "Hello", clientKey: "k" };
  const { sessionId, answerId } = await as.mutation(api.chat.messages.sendChatMessage, args);
  await as.mutation(api.chat.messages.stopMessage, { messageId: answerId, seenLength: 0 });
  await deployment.run(async (ctx) => {
    const { _id, _creationTime, ...answer } = (await ctx.db.get("chatMessages", answerId))!;
    const content = "漢".repeat(ANSWER_MAX_CHARACTERS);
    for (let n = 0; n < 10; n++) {
      await ctx.db.insert("chatMessages", { ...answer, content, isShown: false });
    }
  });
  const messageIds = Array.from({ length: 20 }, () => answerId);
  for (let n = 0; n < 10; n++) {
    const token = `${"x".repeat(21)}${n}`;
    await as.mutation(api.sharing.links.createLink, { sessionId, token });
    await deployment.run(async (ctx) => {
      const share = (await ctx.db.query("chatShares").order("desc").first())!;
      for (let page = 1; page < 300; page++) {
        await ctx.db.insert("chatSharePages", { shareId: share._id, page, messageIds });
      }
    });
  }
  await as.mutation(api.chat.organise.deleteSessions, { sessionIds: [sessionId] });
  await deployment.finishAllScheduledFunctions(vi.runAllTimers);
  expect(await left(deployment)).toEqual([]);
});

test("a chat is removed with what its versions have in common, and with more shares than messages", async () => {
  const deployment = freshDeployment();
  const { as } = await signUp(deployment);
  const attachments = [{ name: "List", text: "flour, salt" }];
  const args = { content: "Hello", clientKey: "one", attachments };
  const { sessionId, answerId } = await as.mutation(api.chat.messages.sendChatMessage, args);
  await as.mutation(api.chat.messages.stopMessage, { messageId: answerId, seenLength: 0 });
  const answer = await deployment.run((ctx) => ctx.db.get("chatMessages", answerId));
  const edit = { messageId: answer!.parentId!, content: "Hello again", clientKey: "edit" };
  await as.mutation(api.chat.versions.editMessage, edit);
  for (let n = 10; n < 35; n++) {
    const token = `${"x".repeat(20)}${n}`;
    await as.mutation(api.sharing.links.createLink, { sessionId, token });
  }
  await as.mutation(api.chat.organise.deleteSessions, { sessionIds: [sessionId] });
  await deployment.finishAllScheduledFunctions(vi.runAllTimers);
  expect(await left(deployment)).toEqual([]);
});

async function left(deployment: Deployment) {
  return await deployment.run(async (ctx) => [
    ...(await ctx.db.query("chatSessions").collect()),
    ...(await ctx.db.query("chatMessages").take(1)),
    ...(await ctx.db.query("chatAttachments").take(1)),
    ...(await ctx.db.query("chatRequests").take(1)),
    ...(await ctx.db.query("chatShares").take(1)),
    ...(await ctx.db.query("chatSharePages").take(1)),
  ]);
}
