import { beforeEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { charge } from "../credits/ledger";
import { type Deployment, type Person, freshDeployment, signUp } from "../test.setup";

let deployment: Deployment;
let ada: Person;

beforeEach(async () => {
  deployment = freshDeployment();
  ada = await signUp(deployment);
});

const fill = async () =>
  await deployment.mutation(internal.account.samples.fill, { email: " ADA@\u200bexample.com" });

test("an account is filled once, and its balance is what its ledger says", async () => {
  expect(await fill()).toEqual({ filled: true });
  expect(await fill()).toEqual({ filled: false });
  const projects = await ada.as.query(api.projects.projects.listProjects, { archived: false });
  expect(projects.map(({ name }) => name)).toContain("Bakery launch");
  for (const { _id: projectId, counts } of projects) {
    const tasks = await ada.as.query(api.projects.tasks.listTasks, { projectId });
    expect(tasks.filter(({ status }) => status === "done")).toHaveLength(counts.done);
    expect(tasks).toHaveLength(counts.todo + counts.doing + counts.done);
  }
  const active = await ada.as.query(api.projects.tasks.listActiveTasks, { limit: 50 });
  expect(active[0]?.title).toBe("Sign the lease for the corner shop");
  const rows = await deployment.run(async (ctx) => await ctx.db.query("creditLedger").collect());
  const { creditsRemaining } = await ada.as.query(api.credits.usage.current, {});
  expect(rows.reduce((sum, { amount }) => sum + amount, 0)).toBe(creditsRemaining);
  expect(creditsRemaining).toBeLessThan(100);
});

test("what an account did before stays when it did it, and before all that is added", async () => {
  const HOUR_AGO = Date.now() - 3_600_000;
  vi.useFakeTimers({ toFake: ["Date"], now: HOUR_AGO });
  await deployment.run((ctx) => charge(ctx, ada.userId, "draft:earlier", 15));
  vi.useRealTimers();
  await fill();
  const rows = await deployment.run((ctx) =>
    ctx.db
      .query("creditLedger")
      .withIndex("by_userId_and_at", (q) => q.eq("userId", ada.userId))
      .collect(),
  );
  expect(rows.find(({ key }) => key === "charge:draft:earlier")?.at).toBe(HOUR_AGO);
  const sums = rows.map((_, n) => rows.slice(0, n + 1).reduce((sum, row) => sum + row.amount, 0));
  expect(rows.map(({ balanceAfter }) => balanceAfter)).toEqual(sums);
});

test("somebody who is not there is not filled", async () => {
  const args = { email: "nobody@example.com" };
  await expect(deployment.mutation(internal.account.samples.fill, args)).rejects.toThrow(
    "no account",
  );
});
