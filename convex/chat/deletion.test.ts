import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { freshDeployment, signUp } from "../test.setup";
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
  const left = await deployment.run(async (ctx) => [
    ...(await ctx.db.query("chatSessions").collect()),
    ...(await ctx.db.query("chatMessages").take(1)),
    ...(await ctx.db.query("chatAttachments").take(1)),
  ]);
  expect(left).toEqual([]);
});
