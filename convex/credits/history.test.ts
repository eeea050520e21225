import type { FunctionReturnType } from "convex/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { ANSWER_MAX_CHARACTERS } from "../chat/limits";
import { type Deployment, type Person, freshDeployment, signUp } from "../test.setup";
import { charge, purchase, refund, takeBack } from "./ledger";

const DAY_MS = 86_400_000;
const START = Date.parse("2026-05-10T00:00:00Z");
const { list, spending } = api.credits.history;

let deployment: Deployment;
let ada: Person;
let bob: Person;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: START });
  deployment = freshDeployment();
  ada = await signUp(deployment, "ada@example.com");
  bob = await signUp(deployment, "bob@example.com");
});
afterEach(() => {
  vi.useRealTimers();
});

const take = ({ userId }: Person, name: string, cost: number) =>
  deployment.run((ctx) => charge(ctx, userId, `draft:${name}`, cost));
const history = async (
  { as }: Person,
  kind: "charge" | null = null,
  cursor: string | null = null,
) => await as.query(list, { kind, paginationOpts: { numItems: 3, cursor } });

/** Ten days, the first of them that of `START`. */
const DAYS = Array.from({ length: 11 }, (_, day) => START + day * DAY_MS);

test("a page of it stays within what a transaction may read, however long the answers are", async () => {
  deployment = freshDeployment({ transactionLimits: true });
  ada = await signUp(deployment);
  const message = { content: "One", clientKey: "one" };
  const sent = await ada.as.mutation(api.chat.messages.sendChatMessage, message);
  for (let n = 0; n < 50; n++) {
    await deployment.run(async (ctx) => {
      const like = await ctx.db.get("chatMessages", sent.answerId);
      if (like === null) return;
      const { _id, _creationTime, ...fields } = like;
      const content = "漢".repeat(ANSWER_MAX_CHARACTERS);
      const answerId = await ctx.db.insert("chatMessages", { ...fields, content });
      await charge(ctx, ada.userId, `message:${answerId}`, 0);
    });
  }
  const paginationOpts = { numItems: 500, cursor: null };
  const { page, isDone } = await ada.as.query(list, { kind: null, paginationOpts });
  expect({ rows: page.length, isDone }).toEqual({ rows: 25, isDone: false });
  const [{ subject } = { subject: null }] = page;
  expect(subject).toMatchObject({ what: "message", chat: { title: "One" } });
});

test("the history is the person's own, newest first, with the balance after each row", async () => {
  await take(bob, "his", 15);
  await take(ada, "hers", 15);
  vi.setSystemTime(START + 1);
  await deployment.run((ctx) => purchase(ctx, ada.userId, "invoice:in_1:pack-500", 500));
  vi.setSystemTime(START + 2);
  await deployment.run((ctx) => takeBack(ctx, ada.userId, "invoice:in_1:pack-500", 200));
  const { page, continueCursor } = await history(ada);
  const more = await history(ada, null, continueCursor);
  expect([...page, ...more.page].map(({ _id, ...row }) => row)).toEqual([
    {
      kind: "adjustment",
      amount: -200,
      balanceAfter: 385,
      at: START + 2,
      subject: { what: "invoice", stripeId: "in_1", planId: "pack-500", invoiceUrl: null },
    },
    {
      kind: "purchase",
      amount: 500,
      balanceAfter: 585,
      at: START + 1,
      subject: { what: "invoice", stripeId: "in_1", planId: "pack-500", invoiceUrl: null },
    },
    { kind: "charge", amount: -15, balanceAfter: 85, at: START, subject: { what: "draft" } },
    {
      kind: "grant",
      amount: 100,
      balanceAfter: 100,
      at: START,
      subject: { what: "month", month: "2026-05" },
    },
  ]);
});

test("one kind of rows can be asked for", async () => {
  await take(ada, "a", 3);
  await deployment.run((ctx) => refund(ctx, ada.userId, "draft:a"));
  await take(ada, "b", 3);
  expect((await history(ada, "charge")).page.map(({ kind }) => kind)).toEqual(["charge", "charge"]);
});

test("a kind is found behind however many rows of others, a page at a time", async () => {
  await deployment.run(async (ctx) => {
    await purchase(ctx, ada.userId, "invoice:in_1:pack-500", 500);
    for (let n = 0; n < 4_500; n++) {
      await ctx.db.insert("creditLedger", {
        userId: ada.userId,
        key: `filler:${n}`,
        kind: "charge",
        amount: 0,
        monthly: 0,
        purchased: 0,
        balanceAfter: 600,
        at: START + 1 + n,
      });
    }
  });
  const pages: number[] = [];
  let cursor: string | null = null;
  for (let isDone = false; !isDone;) {
    const paginationOpts = { numItems: 25, cursor };
    const result: FunctionReturnType<typeof list> = await ada.as.query(list, {
      kind: "purchase",
      paginationOpts,
    });
    pages.push(result.page.length);
    ({ isDone, continueCursor: cursor } = result);
  }
  expect(pages).toEqual([0, 0, 1]);
});

test("a charge for a message leads to its chat, as long as there is one", async () => {
  const { sessionId } = await ada.as.mutation(api.chat.messages.sendChatMessage, {
    content: "What is a ledger?",
    clientKey: "k",
  });
  const subject = async () => (await history(ada, "charge")).page[0]?.subject;
  const chat = { displayId: "CH-000001", title: "What is a ledger?" };
  expect(await subject()).toEqual({ what: "message", chat });
  await deployment.run((ctx) => ctx.db.delete("chatSessions", sessionId));
  expect(await subject()).toEqual({ what: "message", chat: null });
});

test("what a day cost is charges less refunds of that day, whatever else happened", async () => {
  await take(ada, "a", 3);
  await take(bob, "his", 50);
  vi.setSystemTime(START + DAY_MS - 1);
  await take(ada, "b", 4);
  vi.setSystemTime(START + DAY_MS);
  await take(ada, "c", 5);
  await deployment.run((ctx) => refund(ctx, ada.userId, "draft:c"));
  vi.setSystemTime(START + 3 * DAY_MS);
  await deployment.run((ctx) => purchase(ctx, ada.userId, "invoice:in_1:pack", 500));
  await take(ada, "d", 120);
  expect(await ada.as.query(spending, { boundaries: DAYS })).toEqual([
    7, 0, 0, 120, 0, 0, 0, 0, 0, 0,
  ]);
});

test.each([[[START, START]], [[START + 1, START]], [Array.from({ length: 368 }, (_, i) => i)]])(
  "days that do not follow each other, or are too many, are refused",
  async (boundaries) => {
    await expect(ada.as.query(spending, { boundaries })).rejects.toMatchObject({
      data: { code: "INVALID_REQUEST" },
    });
  },
);
