import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { internal } from "../_generated/api";
import { type Deployment, freshDeployment } from "../test.setup";

// What is asked in rounds, further than one run of them goes. No clock runs here: nobody is asked.

const { checkPro, forgetEvents } = internal.billing.rounds;

let deployment: Deployment;

beforeEach(() => {
  vi.useFakeTimers();
  deployment = freshDeployment();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The one further run of a round that is planned: in how many milliseconds, and for what. */
async function nextOf(round: string) {
  const jobs = await deployment.run((ctx) => ctx.db.system.query("_scheduled_functions").collect());
  const [job, ...others] = jobs.filter(({ name }) => name.endsWith(round));
  expect(others).toEqual([]);
  return { wait: (job?.scheduledTime ?? 0) - Date.now(), args: job?.args[0] as never };
}

test("everybody on Pro is asked about, and nobody else, a fifth of a second apart", async () => {
  await deployment.run(async (ctx) => {
    for (let i = 0; i < 102; i++) {
      const userId = await ctx.db.insert("users", {});
      await ctx.db.insert("billingStates", { userId, isPro: i !== 50, pro: null, asOf: 0 });
    }
  });
  const planned = async () => {
    const rows = await deployment.run((ctx) => ctx.db.query("plannedReconciles").collect());
    return rows.flatMap(({ times }) => times.map((time) => time - Date.now()));
  };
  await deployment.mutation(checkPro, { cursor: null });
  const first = await planned();
  expect(first).toHaveLength(100);
  expect(first.slice(0, 3)).toEqual([0, 200, 400]);
  const { wait, args } = await nextOf("checkPro");
  expect(wait).toBe(20_000);
  await deployment.mutation(checkPro, args);
  expect(await planned()).toHaveLength(101);
  // That was the last: no other run has been planned.
  expect(await nextOf("checkPro")).toEqual({ wait, args });
});

test("old messages are forgotten, however many", async () => {
  const events = () => deployment.run((ctx) => ctx.db.query("webhookEvents").collect());
  await deployment.run(async (ctx) => {
    for (let i = 0; i < 501; i++) {
      await ctx.db.insert("webhookEvents", { svixId: `${i}`, type: "t", customerId: "c" });
    }
  });
  vi.setSystemTime(Date.now() + 31 * 86_400_000);
  await deployment.mutation(forgetEvents, {});
  expect(await events()).toHaveLength(1);
  const { wait, args } = await nextOf("forgetEvents");
  expect(wait).toBe(0);
  await deployment.mutation(forgetEvents, args);
  expect(await events()).toEqual([]);
});
