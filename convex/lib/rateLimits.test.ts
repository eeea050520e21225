import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { setUnlimited } from "../credits/ledger";
import { type Deployment, freshDeployment, signUp } from "../test.setup";
import { duration, limitRate } from "./rateLimits";

let deployment: Deployment;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  deployment = freshDeployment();
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  [1, "1 second"],
  [1_000, "1 second"],
  [1_001, "2 seconds"],
  [90_000, "90 seconds"],
  [90_001, "2 minutes"],
  [359_000, "6 minutes"],
])("%i ms are told as %s", (ms, words) => {
  expect(duration(ms)).toBe(words);
});

test("sends beyond the limit are refused with the time until the next, and cost nothing", async () => {
  const ada = await signUp(deployment, "ada@example.com");
  const send = (clientKey: string) =>
    ada.as.mutation(api.chat.messages.sendChatMessage, { content: "Hello", clientKey });
  await deployment.mutation((ctx) => setUnlimited(ctx, ada.userId, true));
  for (let count = 0; count < 40; count++) await send(`key ${count}`);
  const stored = await everything();
  await expect(send("one more")).rejects.toMatchObject({
    data: {
      code: "TOO_MANY_REQUESTS",
      message: "That was very many messages at once. Try again in 2 seconds. Nothing was charged.",
      retryAfterMs: 2_000,
    },
  });
  expect(await everything()).toEqual(stored);

  // The same send again is no new one, and others are not held up.
  await send("key 3");
  const grace = await signUp(deployment, "grace@example.com");
  await grace.as.mutation(api.chat.messages.sendChatMessage, { content: "Hi", clientKey: "g" });

  vi.setSystemTime(Date.now() + 2_000);
  await send("one more");
  await expect(send("and one more")).rejects.toThrow("TOO_MANY_REQUESTS");
});

/** What a refusal must leave as it is. */
async function everything() {
  return await deployment.run(async (ctx) => ({
    sessions: await ctx.db.query("chatSessions").collect(),
    messages: await ctx.db.query("chatMessages").collect(),
    ledger: await ctx.db.query("creditLedger").collect(),
  }));
}

test("a use whose transaction fails is not counted", async () => {
  const use = (fail: boolean) =>
    deployment.mutation(async (ctx) => {
      await limitRate(ctx, "projectDraft", "ada");
      if (fail) throw new Error("failed later");
    });
  for (let count = 0; count < 10; count++) await expect(use(true)).rejects.toThrow("failed later");
  for (let count = 0; count < 10; count++) await use(false);
  await expect(use(false)).rejects.toThrow("Try again in 10 seconds");
});
