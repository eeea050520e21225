import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../_generated/api";
import type { Doc } from "../_generated/dataModel";
import { type Deployment, type Person, freshDeployment, signUp } from "../test.setup";
import { charge, purchase } from "./ledger";

let deployment: Deployment;
let people: Person[];

beforeEach(async () => {
  vi.spyOn(console, "error").mockReturnValue();
  deployment = freshDeployment();
  people = [];
  for (let i = 0; i < 3; i += 1) {
    const person = await signUp(deployment, `person-${i}@example.com`);
    people.push(person);
    await deployment.run(async (ctx) => {
      await charge(ctx, person.userId, `draft:${i}`, 15);
      await purchase(ctx, person.userId, `invoice:in_${i}:pack`, 500);
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
});

const compare = () => deployment.action(internal.credits.audit.compare, {});
const drifts = () => deployment.run((ctx) => ctx.db.query("creditDrifts").collect());

/** A hand in the database: the second person's row, past all rules. */
async function plant(change: Partial<Doc<"userUsage">>) {
  await deployment.run(async (ctx) => {
    const rows = await ctx.db.query("userUsage").collect();
    const usage = rows.find(({ userId }) => userId === people[1]?.userId);
    if (usage === undefined) throw new Error("no usage row");
    await ctx.db.patch("userUsage", usage._id, change);
  });
}

test("balances that are the sum of their ledger are left in peace", async () => {
  await compare();
  expect(await drifts()).toEqual([]);
  expect(console.error).not.toHaveBeenCalled();
});

describe("a drift is logged, stored and fails the run:", () => {
  test.each([
    ["credits out of nowhere", { creditsRemaining: 9999, purchasedRemaining: 9914 }],
    ["credits that vanished", { creditsRemaining: 500, monthlyRemaining: 0 }],
    ["credits in the wrong part", { monthlyRemaining: 100, purchasedRemaining: 485 }],
    ["a total that is not its parts", { creditsRemaining: 586 }],
  ])("%s", async (_, change) => {
    await plant(change);
    await expect(compare()).rejects.toThrow(/CREDIT DRIFT: .* holds .* the ledger says 585/);
    expect(console.error).toHaveBeenCalledOnce();
    const found = await drifts();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      userId: people[1]?.userId,
      booked: { monthly: 85, purchased: 500 },
    });
  });

  test("a ledger row that is gone", async () => {
    await deployment.run(async (ctx) => {
      const [row] = await ctx.db.query("creditLedger").collect();
      if (row !== undefined) await ctx.db.delete("creditLedger", row._id);
    });
    await expect(compare()).rejects.toThrow("CREDIT DRIFT");
  });
});

test("a ledger of several pages is summed whole", async () => {
  const userId = people[0]?.userId;
  if (userId === undefined) throw new Error("nobody");
  await deployment.run(async (ctx) => {
    for (let i = 0; i < 1100; i += 1) {
      await ctx.db.insert("creditLedger", {
        userId,
        key: `filler:${i}`,
        kind: "adjustment",
        amount: i % 2 === 0 ? 1 : -1,
        monthly: 0,
        purchased: i % 2 === 0 ? 1 : -1,
        balanceAfter: 0,
        at: 0,
      });
    }
  });
  await compare();
  expect(await drifts()).toEqual([]);
});

test("a drift behind the people of one run is found by the next", async () => {
  vi.useFakeTimers();
  await deployment.run(async (ctx) => {
    for (let i = 0; i < 500; i += 1) {
      const userId = await ctx.db.insert("users", {});
      const held = i === 499 ? 1 : 0;
      await ctx.db.insert("userUsage", {
        userId,
        creditsRemaining: held,
        creditsTotal: 0,
        monthlyRemaining: held,
        purchasedRemaining: 0,
        lastCreditReset: 0,
      });
    }
  });
  await compare();
  expect(await drifts()).toEqual([]);
  await deployment.finishAllScheduledFunctions(vi.runAllTimers);
  vi.useRealTimers();
  expect(await drifts()).toMatchObject([{ booked: { monthly: 0 }, held: { monthly: 1 } }]);
});
