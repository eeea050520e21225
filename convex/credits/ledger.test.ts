import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { type Deployment, type Person, freshDeployment, signUp } from "../test.setup";
import { charge, purchase, refund, setUnlimited, takeBack } from "./ledger";

const MAY = Date.parse("2026-05-15T12:00:00Z");
const LAST_OF_MAY = Date.parse("2026-05-31T23:59:59.999Z");

let deployment: Deployment;
let ada: Person;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: MAY });
  deployment = freshDeployment();
  ada = await signUp(deployment);
});
afterEach(() => {
  vi.useRealTimers();
});

const subject = (name: string) => `message:${name as Id<"chatMessages">}` as const;
const take = (name: string, cost = 3) =>
  deployment.run((ctx) => charge(ctx, ada.userId, subject(name), cost));
const giveBack = (name: string) => deployment.run((ctx) => refund(ctx, ada.userId, subject(name)));
const usage = () => ada.as.query(api.credits.usage.current, {});

async function ledger() {
  return await deployment.run(async (ctx) => await ctx.db.query("creditLedger").collect());
}

/** The balance is the ledger's sum, in both of its parts, and nothing is below zero. */
async function expectBooksToBalance() {
  const rows = await ledger();
  const sum = (of: "amount" | "monthly" | "purchased") =>
    rows.reduce((total, row) => total + row[of], 0);
  const held = await deployment.run((ctx) => ctx.db.query("userUsage").unique());
  expect(held?.creditsRemaining ?? 0).toBe(sum("amount"));
  expect(held?.monthlyRemaining ?? 0).toBe(sum("monthly"));
  expect(held?.purchasedRemaining ?? 0).toBe(sum("purchased"));
  expect(Math.min(held?.monthlyRemaining ?? 0, held?.purchasedRemaining ?? 0)).toBeGreaterThan(-1);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
}

const invoice = (name: string) => `invoice:${name}:pack` as const;
const buy = (credits: number, name: string = crypto.randomUUID()) =>
  deployment.run((ctx) => purchase(ctx, ada.userId, invoice(name), credits));
const unbuy = (credits: number, name: string) =>
  deployment.run((ctx) => takeBack(ctx, ada.userId, invoice(name), credits));

test("a new person has the month's free credits, before and after the first action", async () => {
  const before = await usage();
  expect(before).toMatchObject({ creditsRemaining: 100, creditsTotal: 100, unlimited: false });
  expect(before.nextResetAt).toBe(Date.parse("2026-06-01T00:00:00Z"));
  await take("a", 0);
  expect(await usage()).toEqual(before);
});

test("a charge is one ledger row, once for its subject", async () => {
  await take("a");
  await take("a");
  expect((await ledger()).map(({ kind, amount }) => [kind, amount])).toEqual([
    ["grant", 100],
    ["charge", -3],
  ]);
  expect((await usage()).creditsRemaining).toBe(97);
});

test("a refund gives back what was charged, once, and nothing for what was not", async () => {
  await take("a");
  await giveBack("a");
  await giveBack("a");
  await giveBack("never charged");
  expect((await usage()).creditsRemaining).toBe(100);
  await expectBooksToBalance();
});

describe("a purchase", () => {
  test("is booked once for its invoice and plan", async () => {
    const booked = await Promise.all(Array.from({ length: 10 }, () => buy(500, "in_1")));
    expect(booked.toSorted((a, b) => a - b)).toEqual([...Array<number>(9).fill(0), 500]);
    expect(await usage()).toMatchObject({ creditsRemaining: 600, creditsTotal: 600 });
    await expectBooksToBalance();
  });

  test("that is refunded is taken back, in parts that add up, never below zero", async () => {
    await buy(500, "in_1");
    expect(await unbuy(200, "in_1")).toBe(200);
    expect(await unbuy(200, "in_1")).toBe(0);
    expect(await unbuy(100, "in_1")).toBe(0);
    await take("a", 350);
    expect(await usage()).toMatchObject({ monthlyRemaining: 0, purchased: 50 });
    expect(await unbuy(500, "in_1")).toBe(50);
    expect(await unbuy(9999, "in_1")).toBe(0);
    expect(await usage()).toMatchObject({ creditsRemaining: 0, purchased: 0 });
    await expectBooksToBalance();
  });

  test("goes back with its refund also when it was spent, should that be given back", async () => {
    await take("free", 100);
    await buy(500, "in_1");
    await take("a");
    await take("b");
    expect(await unbuy(500, "in_1")).toBe(494);
    await buy(500, "in_2");
    await take("c");
    await giveBack("a");
    await giveBack("b");
    expect((await usage()).purchased).toBe(497);
    await giveBack("c");
    await giveBack("a");
    expect(await usage()).toMatchObject({ purchased: 500, creditsTotal: 600 });
    expect(await unbuy(500, "in_1")).toBe(0);
    await expectBooksToBalance();
  });

  test("of which a part is refunded owes no more than that part", async () => {
    await take("free", 100);
    await buy(500, "in_1");
    await take("a");
    await take("b");
    expect(await unbuy(497, "in_1")).toBe(494);
    await giveBack("a");
    expect((await usage()).purchased).toBe(0);
    await giveBack("b");
    expect((await usage()).purchased).toBe(3);
    expect(await unbuy(500, "in_1")).toBe(3);
    await expectBooksToBalance();
  });

  test("whatever happens, what is held of it is what was bought, less what was asked back, once all is given back", async () => {
    const pack = fc.nat(2);
    const event = fc.oneof(
      fc.record({ kind: fc.constant("take" as const), pack, credits: fc.nat(40) }),
      fc.record({ kind: fc.constant("give back" as const), pack, credits: fc.nat(9) }),
      fc.record({ kind: fc.constant("unbuy" as const), pack, credits: fc.nat(60) }),
      fc.record({ kind: fc.constant("buy" as const), pack, credits: fc.constant(60) }),
    );
    const run = async (events: (typeof event extends fc.Arbitrary<infer E> ? E : never)[]) => {
      deployment = freshDeployment();
      ada = await signUp(deployment);
      await take("free", 100);
      const asked = new Map<number, number>();
      const bought = new Set<number>();
      let takes = 0;
      for (const happening of events) {
        const { pack: number, credits } = happening;
        if (happening.kind === "take") await take(`m${takes++}`, credits).catch(() => undefined);
        if (happening.kind === "give back") await giveBack(`m${credits}`);
        if (happening.kind === "buy") {
          bought.add(number);
          await buy(credits, `in_${number}`);
        }
        if (happening.kind === "unbuy" && bought.has(number)) {
          await unbuy(credits, `in_${number}`);
          asked.set(number, Math.max(asked.get(number) ?? 0, credits));
        }
        await expectBooksToBalance();
        expect((await usage()).purchased).toBeLessThanOrEqual(rightful());
      }
      for (let n = 0; n < takes; n++) await giveBack(`m${n}`);
      expect((await usage()).purchased).toBe(rightful());
      function rightful() {
        return 60 * bought.size - [...asked.values()].reduce((sum, credits) => sum + credits, 0);
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(event, { maxLength: 20 }), run), { numRuns: 60 });
  });

  test("that was never booked takes nothing back, nor does somebody else's", async () => {
    const bob = await signUp(deployment, "bob@example.com");
    await buy(500, "in_1");
    await deployment.run((ctx) => purchase(ctx, bob.userId, invoice("in_3"), 500));
    expect(await unbuy(500, "in_2")).toBe(0);
    expect(await deployment.run((ctx) => takeBack(ctx, bob.userId, invoice("in_1"), 500))).toBe(0);
    expect((await usage()).creditsRemaining).toBe(600);
  });
});

test("on Pro charges are recorded with amount 0, and what is held stays", async () => {
  await deployment.run((ctx) => setUnlimited(ctx, ada.userId, true));
  expect(await take("a", 1000)).toBe(0);
  await giveBack("a");
  expect(await usage()).toMatchObject({ unlimited: true, creditsRemaining: 100 });
  expect((await ledger()).map(({ kind, amount }) => [kind, amount])).toEqual([
    ["grant", 100],
    ["charge", 0],
  ]);
  await deployment.run((ctx) => setUnlimited(ctx, ada.userId, false));
  expect(await take("b")).toBe(3);
  expect(await usage()).toMatchObject({ unlimited: false, creditsRemaining: 97 });
  await expectBooksToBalance();
});

test("of a hundred charges at once, as many succeed as the balance pays for", async () => {
  const charges = Array.from({ length: 100 }, (_, i) => take(`m${i}`));
  const results = await Promise.allSettled(charges);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(33);
  expect((await usage()).creditsRemaining).toBe(1);
  await expectBooksToBalance();
});

describe("a new month", () => {
  test("renews the monthly credits at its first action, once, however many race", async () => {
    await take("a");
    vi.setSystemTime(LAST_OF_MAY);
    await take("b");
    expect((await usage()).creditsRemaining).toBe(94);
    vi.setSystemTime(LAST_OF_MAY + 1);
    expect((await usage()).creditsRemaining).toBe(100);
    await Promise.all(Array.from({ length: 10 }, (_, i) => take(`june${i}`)));
    expect((await usage()).creditsRemaining).toBe(70);
    expect((await ledger()).filter(({ kind }) => kind === "reset")).toHaveLength(1);
    await expectBooksToBalance();
  });

  test("never takes what was bought, and unspent free credits do not add up", async () => {
    await buy(50);
    await take("a", 120);
    expect(await usage()).toMatchObject({ monthlyRemaining: 0, purchased: 30 });
    vi.setSystemTime(LAST_OF_MAY + 1);
    await take("b");
    expect(await usage()).toMatchObject({
      monthlyRemaining: 97,
      purchased: 30,
      creditsTotal: 130,
    });
    vi.setSystemTime(Date.parse("2027-06-01T00:00:00Z"));
    await take("c", 0);
    expect(await usage()).toMatchObject({ monthlyRemaining: 100, purchased: 30 });
    await expectBooksToBalance();
  });

  test("does not come from a clock that steps back", async () => {
    vi.setSystemTime(LAST_OF_MAY + 1);
    await take("a");
    vi.setSystemTime(LAST_OF_MAY);
    await take("b");
    expect((await usage()).creditsRemaining).toBe(94);
    await expectBooksToBalance();
  });
});

test("whatever happens in whatever order, the balance is the ledger's sum", async () => {
  const event = fc.oneof(
    fc.record({ kind: fc.constant("charge" as const), name: fc.nat(9), cost: fc.nat(40) }),
    fc.record({ kind: fc.constant("refund" as const), name: fc.nat(9) }),
    fc.record({ kind: fc.constant("buy" as const), amount: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ kind: fc.constant("wait" as const), days: fc.nat(40) }),
  );
  const run = async (events: (typeof event extends fc.Arbitrary<infer E> ? E : never)[]) => {
    vi.setSystemTime(MAY);
    deployment = freshDeployment();
    ada = await signUp(deployment);
    for (const happening of events) {
      if (happening.kind === "charge") {
        await take(`m${happening.name}`, happening.cost).catch(() => undefined);
      }
      if (happening.kind === "refund") await giveBack(`m${happening.name}`);
      if (happening.kind === "buy") await buy(happening.amount);
      if (happening.kind === "wait") vi.setSystemTime(Date.now() + happening.days * 86_400_000);
      await expectBooksToBalance();
    }
  };
  await fc.assert(fc.asyncProperty(fc.array(event, { maxLength: 25 }), run), { numRuns: 40 });
});
