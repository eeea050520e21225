import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import { START_LEASE_MS } from "../chat/leases";
import { type Deployment, type Person, freshDeployment, signUp } from "../test.setup";
import { charge, purchase, setUnlimited, takeBack } from "./ledger";
import { COSTS, MONTHLY_FREE_CREDITS, monthStart, nextReset } from "./rules";

const { sendChatMessage, stopMessage } = api.chat.messages;
const { startStreamingMessage, appendStreamChunk, finalizeStreamMessage } = internal.chat.streams;
const START = Date.parse("2028-02-10T12:00:00Z");

let deployment: Deployment;
let ada: Person;
let sends: number;

async function begin(now = START) {
  vi.setSystemTime(now);
  deployment = freshDeployment();
  ada = await signUp(deployment);
  sends = 0;
}

beforeEach(async () => {
  // The fallback start of each answer must wait for ever.
  vi.useFakeTimers({ toFake: ["Date", "setTimeout"] });
  await begin();
});
afterEach(() => {
  vi.useRealTimers();
});

const send = async (clientKey = `send ${++sends}`) =>
  await ada.as.mutation(sendChatMessage, { content: "Hello", clientKey });
const usage = () => ada.as.query(api.credits.usage.current, {});

async function books() {
  return await deployment.run(async (ctx) => ({
    held: await ctx.db.query("userUsage").unique(),
    rows: await ctx.db.query("creditLedger").collect(),
    answers: (await ctx.db.query("chatMessages").collect()).filter(
      ({ role }) => role === "assistant",
    ),
  }));
}

type Books = Awaited<ReturnType<typeof books>>;

/** What must hold after everything that can happen. */
async function expectAllToHold() {
  const { held, rows, answers } = await books();
  const sum = (of: "amount" | "monthly" | "purchased") =>
    rows.reduce((total, row) => total + row[of], 0);
  expect(held?.creditsRemaining ?? 0).toBe(sum("amount"));
  expect(held?.monthlyRemaining ?? 0).toBe(sum("monthly"));
  expect(held?.purchasedRemaining ?? 0).toBe(sum("purchased"));
  for (const row of rows) {
    expect(row.balanceAfter).toBeGreaterThanOrEqual(0);
    expect(row.amount).toBe(row.monthly + row.purchased);
  }
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
  for (const answer of answers) expectToCostWhatItDeserves(answer, rows);
}

/** With text it keeps its charge, without it is given back: free credits unless they were renewed. */
function expectToCostWhatItDeserves(answer: Doc<"chatMessages">, rows: Books["rows"]) {
  const charge = rows.find(({ key }) => key === `charge:message:${answer._id}`);
  const refund = rows.find(({ key }) => key === `refund:message:${answer._id}`);
  const isPaid = ["pending", "streaming", "complete"].includes(answer.status);
  const hasText = answer.content !== "" || isPaid;
  const taken = 0 - (charge?.amount ?? NaN);
  expect([0, COSTS.chatMessage]).toContain(taken);
  expect(answer.creditsUsed).toBe(hasText ? taken : 0);
  if (hasText || taken === 0) return expect(refund).toBeUndefined();
  const isRenewed = monthStart(refund?.at ?? NaN) !== monthStart(charge?.at ?? NaN);
  expect(refund?.purchased).toBe(0 - (charge?.purchased ?? NaN));
  expect(refund?.monthly).toBe(isRenewed ? 0 : 0 - (charge?.monthly ?? NaN));
  return undefined;
}

async function start(messageId: Id<"chatMessages">) {
  return await deployment.mutation(startStreamingMessage, { messageId, caller: null });
}

async function write(messageId: Id<"chatMessages">) {
  const { page, lease } = (await start(messageId)) ?? {};
  if (page === undefined || lease === undefined) return;
  const chunk = { sequence: 0, text: "Some text" };
  await deployment.mutation(appendStreamChunk, { page, lease, chunk, asksBeside: false });
}

/** How a turn may go, by what happens to its answer. Each may meet an answer that has ended. */
const ENDS = {
  completes: async (messageId: Id<"chatMessages">) => {
    await write(messageId);
    const args = { messageId, content: "Some text", tokens: null, failure: null };
    await deployment.mutation(finalizeStreamMessage, args);
  },
  "is cut": async (messageId: Id<"chatMessages">) => {
    await write(messageId);
    const args = { messageId, content: "Some text", tokens: null, failure: "CUT_OFF" as const };
    await deployment.mutation(finalizeStreamMessage, args);
  },
  "fails before any text": async (messageId: Id<"chatMessages">) => {
    await start(messageId);
    const args = { messageId, content: "", tokens: null, failure: "PROVIDER_DOWN" as const };
    await deployment.mutation(finalizeStreamMessage, args);
  },
  "fails in the next month": async (messageId: Id<"chatMessages">) => {
    vi.setSystemTime(nextReset(Date.now()));
    await ENDS["fails before any text"](messageId);
  },
  "is stopped before any text": async (messageId: Id<"chatMessages">) => {
    await ada.as.mutation(stopMessage, { messageId, seenLength: 0 });
  },
  "is stopped in its text": async (messageId: Id<"chatMessages">) => {
    await write(messageId);
    await ada.as.mutation(stopMessage, { messageId, seenLength: 4 });
  },
  "loses its writer": async () => {
    vi.setSystemTime(Date.now() + START_LEASE_MS + 1);
    await deployment.mutation(internal.chat.reaper.reap, {});
  },
  "loses its writer after some text": async (messageId: Id<"chatMessages">) => {
    await write(messageId);
    vi.setSystemTime(Date.now() + START_LEASE_MS + 1);
    await deployment.mutation(internal.chat.reaper.reap, {});
  },
  "is left alone": async () => {},
} as const;

const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ is: fc.constant("send" as const), end: anEnd() }) },
  {
    weight: 2,
    arbitrary: fc.record({ is: fc.constant("end again" as const), end: anEnd(), which: fc.nat() }),
  },
  fc.record({
    is: fc.constant("buy" as const),
    invoice: fc.nat(5),
    credits: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({
    is: fc.constant("refund" as const),
    invoice: fc.nat(5),
    credits: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({ is: fc.constant("pro" as const), on: fc.boolean() }),
  // The clock may step back, and forward by more than a month.
  fc.record({ is: fc.constant("clock" as const), hours: fc.integer({ min: -48, max: 1000 }) }),
  fc.record({ is: fc.constant("spend" as const), messages: fc.integer({ min: 10, max: 34 }) }),
);
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

function anEnd() {
  return fc.constantFrom(...(Object.keys(ENDS) as (keyof typeof ENDS)[]));
}

async function happen(happening: Event, turns: Id<"chatMessages">[]) {
  const invoice = (number: number) => `invoice:in_${number}:pack` as const;
  switch (happening.is) {
    case "send": {
      const turn = await send().catch(() => null);
      if (turn === null) return;
      turns.push(turn.answerId);
      await ENDS[happening.end](turn.answerId);
      return;
    }
    case "end again": {
      const messageId = turns[happening.which % Math.max(1, turns.length)];
      if (messageId !== undefined) await ENDS[happening.end](messageId);
      return;
    }
    case "buy":
      await deployment.run((ctx) =>
        purchase(ctx, ada.userId, invoice(happening.invoice), happening.credits),
      );
      return;
    case "refund":
      await deployment.run((ctx) =>
        takeBack(ctx, ada.userId, invoice(happening.invoice), happening.credits),
      );
      return;
    case "pro":
      await deployment.run((ctx) => setUnlimited(ctx, ada.userId, happening.on));
      return;
    case "clock":
      vi.setSystemTime(Date.now() + happening.hours * 3_600_000);
      return;
    case "spend":
      for (let i = 0; i < happening.messages; i += 1) {
        const turn = await send().catch(() => null);
        if (turn !== null) await ENDS.completes(turn.answerId);
      }
  }
}

test("after any history the balance is the ledger's sum, never negative, and each answer cost what its end deserves", async () => {
  const live = async (history: Event[]) => {
    await begin();
    const turns: Id<"chatMessages">[] = [];
    for (const happening of history) await happen(happening, turns);
    await expectAllToHold();
  };
  await fc.assert(fc.asyncProperty(fc.array(event, { maxLength: 20 }), live), { numRuns: 40 });
}, 60_000);

test("of 1,000 sends at once with 100 credits exactly 33 are accepted", async () => {
  const results = await Promise.allSettled(Array.from({ length: 1000 }, () => send()));
  const refusals = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason.data as Record<string, unknown>] : [],
  );
  expect(refusals).toHaveLength(967);
  for (const refusal of refusals) {
    expect(refusal).toMatchObject({
      code: "INSUFFICIENT_CREDITS",
      cost: 3,
      balance: 1,
      nextResetAt: nextReset(START),
      message: "This costs 3 credits and you have 1. Nothing was charged.",
    });
  }
  expect((await usage()).creditsRemaining).toBe(1);
  expect((await books()).answers).toHaveLength(33);
  await expectAllToHold();
}, 60_000);

test("the same send ten times is one message and one charge", async () => {
  const turns = await Promise.all(Array.from({ length: 10 }, () => send("the same")));
  expect(new Set(turns.map(({ answerId }) => answerId)).size).toBe(1);
  expect((await books()).rows.map(({ kind }) => kind)).toEqual(["grant", "charge"]);
});

test("a send touches no document of anybody else, nor one that people share", async () => {
  const bob = await signUp(deployment, "bob@example.com");
  await send();
  const tables = ["userUsage", "creditLedger", "chatSessions", "chatMessages", "displayIdCounters"];
  const before = await contents(tables);
  await bob.as.mutation(sendChatMessage, { content: "Hello", clientKey: "his" });
  const after = await contents(tables);
  const touched = [...after].filter(([id, document]) => before.get(id) !== document);
  expect(touched.length).toBeGreaterThan(5);
  for (const [, document] of touched) {
    expect((JSON.parse(document) as { userId: string }).userId).toBe(bob.userId);
  }
});

async function contents(tables: readonly string[]): Promise<Map<string, string>> {
  const entries = await deployment.run(async (ctx) => {
    const found: [string, string][] = [];
    for (const table of tables) {
      const documents = await ctx.db.query(table as "userUsage").collect();
      for (const document of documents) found.push([document._id, JSON.stringify(document)]);
    }
    return found;
  });
  return new Map(entries);
}

describe("the month's boundary", () => {
  const instant = fc
    .date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
    .map((date) => date.getTime());

  test("renews once, whatever the clock does: forward by years, back, and on the very instant", async () => {
    const steps = fc.array(fc.oneof(instant, instant.map(lastOfMonth), instant.map(nextReset)), {
      minLength: 1,
      maxLength: 8,
    });
    const live = async (clock: number[]) => {
      await begin(clock[0]);
      let latest = -Infinity;
      let expected = 0;
      for (const now of clock) {
        vi.setSystemTime(now);
        if (monthStart(now) > latest) [latest, expected] = [monthStart(now), MONTHLY_FREE_CREDITS];
        expected -= 2 * COSTS.chatMessage;
        await Promise.all([take(), take()]);
        expect((await usage()).creditsRemaining).toBe(expected);
      }
      const months = (await books()).rows.filter(
        ({ kind }) => kind === "reset" || kind === "grant",
      );
      expect(new Set(months.map(({ key }) => key)).size).toBe(months.length);
      await expectAllToHold();
    };
    await fc.assert(fc.asyncProperty(steps, live), { numRuns: 40 });
  }, 60_000);

  test.each([
    ["2028-02-29T23:59:59.999Z", "2028-03-01T00:00:00.000Z"],
    ["2027-02-28T23:59:59.999Z", "2027-03-01T00:00:00.000Z"],
    ["2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00.000Z"],
  ])("lies between %s and %s, also for a hundred sends that race over it", async (last, first) => {
    await begin(Date.parse(last));
    await send();
    expect(await usage()).toMatchObject({ creditsRemaining: 97, nextResetAt: Date.parse(first) });
    vi.setSystemTime(first);
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => send()));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(33);
    expect((await usage()).creditsRemaining).toBe(1);
    expect((await books()).rows.filter(({ kind }) => kind === "reset")).toHaveLength(1);
    await expectAllToHold();
  });

  // Not by a send, whose rate is limited by the same clock.
  async function take() {
    const subject = `draft:${++sends}` as const;
    await deployment.run((ctx) => charge(ctx, ada.userId, subject, COSTS.chatMessage));
  }

  function lastOfMonth(time: number): number {
    return nextReset(time) - 1;
  }
});
