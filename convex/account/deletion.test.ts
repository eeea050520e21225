import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import schema from "../schema";
import { type Deployment, type Person, freshDeployment, signUp } from "../test.setup";
import { LAST_ROUND_AFTER_MS } from "./deletion";
import { UNDO_WINDOW_MS } from "./limits";
import { OWNED_TABLES, UNFINDABLE_TABLES } from "./ownedTables";

const { deletion, settings, dataExport } = api.account;

let deployment: Deployment;
let ada: Person;
let bob: Person;

beforeEach(async () => {
  vi.useFakeTimers();
  deployment = freshDeployment();
  ada = await signUp(deployment);
  bob = await signUp(deployment, "bob@example.com");
});
afterEach(() => {
  vi.useRealTimers();
});

/** Some of everything that a person makes, and what lets them in. */
async function live({ userId, as }: Person) {
  const args = { name: "Bakery", description: "", links: [] };
  const { _id: projectId } = await as.mutation(api.projects.projects.createProject, args);
  for (let n = 0; n < 45; n++) {
    await as.mutation(api.projects.tasks.addTask, { projectId, title: `Task ${n}` });
  }
  await as.mutation(api.chat.messages.sendChatMessage, {
    content: "Hello",
    clientKey: userId,
  });
  await as.mutation(settings.updateSettings, { name: "Ada" });
  await deployment.run(async (ctx) => {
    const sessionId = await ctx.db.insert("authSessions", { userId, expirationTime: 0 });
    await ctx.db.insert("authRefreshTokens", { sessionId, expirationTime: 0 });
    await ctx.db.insert("authAccounts", { userId, provider: "password", providerAccountId: "x" });
  });
}

const NOTHING_SET = { name: "", includesContext: false };

async function rowsNaming(userId: string) {
  return await deployment.run(async (ctx) => {
    const found: string[] = [];
    for (const table of Object.keys(schema.tables)) {
      const rows = await ctx.db.query(table as "projects").collect();
      if (rows.some((row) => JSON.stringify(row).includes(userId))) found.push(table);
    }
    return found;
  });
}

const pro = async ({ endsAt }: { endsAt: number | null }) =>
  await deployment.mutation(internal.billing.writes.writePro, {
    userId: ada.userId,
    pro: { periodEnd: null, endsAt, isPastDue: false },
    asOf: Date.now(),
  });

async function page(text: string) {
  const { userId } = ada;
  const project = await ada.as.mutation(api.projects.projects.createProject, {
    name: "Bakery",
    description: "",
    links: [],
  });
  await deployment.run(async (ctx) => {
    const pageId = await ctx.db.insert("projectPages", {
      userId,
      projectId: project._id,
      url: "https://bakery.example/",
      host: "bakery.example",
      title: "Bakery",
      excerpt: "",
      characters: text.length,
      status: "ready",
      error: null,
      creditsUsed: 5,
      clientKey: project._id,
      requestedAt: 0,
    });
    await ctx.db.insert("projectPageTexts", { userId, pageId, text });
  });
}

const request = async (email = "ada@example.com") =>
  await ada.as.mutation(deletion.requestDeletion, { email });

test("a deleted account is really gone, after the time to take it back, and nobody else's is", async () => {
  await live(ada);
  await live(bob);
  const before = await rowsNaming(bob.userId);
  await request();
  await request();
  vi.advanceTimersByTime(UNDO_WINDOW_MS - 1);
  await deployment.finishInProgressScheduledFunctions();
  expect(await rowsNaming(ada.userId)).toContain("projects");
  vi.advanceTimersByTime(2);
  await deployment.finishAllScheduledFunctions(vi.runAllTimers);
  expect(await rowsNaming(ada.userId)).toEqual([]);
  const left = await deployment.run(
    async (ctx) => await ctx.db.query("authRefreshTokens").collect(),
  );
  expect(left).toHaveLength(1);
  expect(await rowsNaming(bob.userId)).toEqual(expect.arrayContaining(before));
});

test("until it begins it can be taken back, and everything works", async () => {
  await live(ada);
  const { deletionAt } = await request();
  expect(await ada.as.query(settings.getSettings, {})).toMatchObject({ deletionAt });
  await ada.as.mutation(deletion.cancelDeletion, {});
  vi.advanceTimersByTime(UNDO_WINDOW_MS + LAST_ROUND_AFTER_MS);
  await deployment.finishAllScheduledFunctions(vi.runAllTimers);
  expect(await rowsNaming(ada.userId)).toContain("projects");
  expect(await ada.as.query(settings.getSettings, {})).toMatchObject({ deletionAt: null });
});

test("a deletion whose next step was lost goes on", async () => {
  await live(ada);
  await request();
  await deployment.run(async (ctx) => {
    for (const { _id } of await ctx.db.system.query("_scheduled_functions").collect()) {
      await ctx.scheduler.cancel(_id);
    }
  });
  vi.advanceTimersByTime(UNDO_WINDOW_MS + LAST_ROUND_AFTER_MS);
  await deployment.mutation(internal.account.deletion.resume, {});
  await deployment.finishAllScheduledFunctions(vi.runAllTimers);
  expect(await rowsNaming(ada.userId)).toEqual([]);
});

test("what was written after the deletion goes in the last round", async () => {
  await request();
  vi.advanceTimersByTime(UNDO_WINDOW_MS + 1);
  for (let round = 0; round < 5; round++) {
    vi.advanceTimersByTime(1);
    await deployment.finishInProgressScheduledFunctions();
  }
  const { userId } = ada;
  await deployment.run((ctx) => ctx.db.insert("userSettings", { userId, ...NOTHING_SET }));
  await deployment.finishAllScheduledFunctions(vi.runAllTimers);
  expect(await rowsNaming(ada.userId)).toEqual([]);
});

describe("is refused", () => {
  test("without the account's own email", async () => {
    await expect(request("bob@example.com")).rejects.toMatchObject({
      data: { code: "INVALID_REQUEST" },
    });
  });

  test("while Pro is paid for, and no longer once it is cancelled", async () => {
    await pro({ endsAt: null });
    await expect(request()).rejects.toMatchObject({ data: { code: "PRO_IS_RUNNING" } });
    await pro({ endsAt: Date.now() + UNDO_WINDOW_MS * 2 });
    await request();
  });
});

describe("Pro that comes while a deletion is arranged", () => {
  test("is not sold", async () => {
    await request();
    const order = (planId: "pro" | "topup_500") =>
      deployment.mutation(internal.billing.orders.open, { userId: ada.userId, planId });
    await expect(order("pro")).rejects.toMatchObject({ data: { code: "DELETION_ARRANGED" } });
    await order("topup_500");
  });

  test("was paid before: the account stays, so that it can be cancelled", async () => {
    await request();
    await pro({ endsAt: null });
    vi.advanceTimersByTime(UNDO_WINDOW_MS + LAST_ROUND_AFTER_MS);
    await deployment.finishAllScheduledFunctions(vi.runAllTimers);
    expect(await rowsNaming(ada.userId)).toContain("billingStates");
    expect(await ada.as.query(settings.getSettings, {})).toMatchObject({ deletionAt: null });
  });
});

test("a deletion that has begun cannot be taken back, and says so", async () => {
  await live(ada);
  await request();
  const newest = await deployment.run(
    async (ctx) =>
      await ctx.db
        .query("authSessions")
        .withIndex("userId", (q) => q.eq("userId", ada.userId))
        .order("desc")
        .first(),
  );
  const subject = `${ada.userId}|${newest?._id}`;
  vi.advanceTimersByTime(UNDO_WINDOW_MS + 1);
  await deployment.finishInProgressScheduledFunctions();
  const cancel = deployment.withIdentity({ subject }).mutation(deletion.cancelDeletion, {});
  await expect(cancel).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
  // The session that asked for it has ended by now.
  await expect(ada.as.mutation(deletion.cancelDeletion, {})).rejects.toMatchObject({
    data: { code: "UNAUTHENTICATED" },
  });
});

test("a step stays within what a transaction may read, whatever the texts are", async () => {
  deployment = freshDeployment({ transactionLimits: true });
  ada = await signUp(deployment);
  await request();
  for (let n = 0; n < 20; n++) await page("字".repeat(200_000));
  vi.advanceTimersByTime(UNDO_WINDOW_MS + 1);
  await deployment.finishAllScheduledFunctions(vi.runAllTimers);
  const left = await deployment.run(
    async (ctx) => await ctx.db.query("projectPageTexts").collect(),
  );
  expect(left).toEqual([]);
});

test("what was shared goes with the list of what it shows", async () => {
  await live(ada);
  const sessionId = await deployment.run(async (ctx) => {
    const session = await ctx.db.query("chatSessions").first();
    return session!._id;
  });
  await deployment.run(async (ctx) => {
    for (const { _id } of await ctx.db.query("chatMessages").collect()) {
      await ctx.db.patch("chatMessages", _id, { status: "complete" });
    }
  });
  await ada.as.mutation(api.sharing.links.createLink, { sessionId, token: "x".repeat(22) });
  await request();
  vi.advanceTimersByTime(UNDO_WINDOW_MS + 1);
  await deployment.finishAllScheduledFunctions(vi.runAllTimers);
  const left = await deployment.run(async (ctx) => await ctx.db.query("chatSharePages").collect());
  expect(left).toEqual([]);
});

test("no table keeps rows of people where neither export nor deletion finds them", () => {
  // Deleted with the message that they belong to; a share's pages name nobody and go with the share.
  expect(UNFINDABLE_TABLES).toEqual(["chatStreamPages"]);
  expect(OWNED_TABLES.map(({ table }) => table)).toEqual(
    expect.arrayContaining(["chatSessions", "chatMessages", "creditLedger", "projectPageTexts"]),
  );
});

test("the export gives many rows at once, and fewer where they are long", async () => {
  deployment = freshDeployment({ transactionLimits: true });
  ada = await signUp(deployment);
  for (let n = 0; n < 40; n++) await page("字".repeat(200_000));
  const exported = async (table: string) => {
    const rows: unknown[] = [];
    let cursor: string | null = null;
    for (let pages = 1; ; pages++) {
      const args = { table, paginationOpts: { numItems: 1000, cursor } };
      const page: { rows: unknown[]; isDone: boolean; continueCursor: string } = await ada.as.query(
        dataExport.exportPage,
        args,
      );
      rows.push(...page.rows);
      if (page.isDone) return { pages, rows: rows.length };
      cursor = page.continueCursor;
    }
  };
  expect(await exported("projectPageTexts")).toEqual({ pages: 6, rows: 40 });
  expect(await exported("projectPages")).toEqual({ pages: 1, rows: 40 });
});

test("the export holds everything of the person and nothing that lets anybody in", async () => {
  await live(ada);
  await live(bob);
  const tables = await ada.as.query(dataExport.exportedTables, {});
  expect(tables.filter((table) => table.startsWith("auth"))).toEqual([]);
  const rows: unknown[] = [];
  for (const table of tables) {
    let cursor: string | null = null;
    for (;;) {
      const args = { table, paginationOpts: { numItems: 20, cursor } };
      const page: { rows: unknown[]; isDone: boolean; continueCursor: string } = await ada.as.query(
        dataExport.exportPage,
        args,
      );
      rows.push(...page.rows);
      if (page.isDone) break;
      cursor = page.continueCursor;
    }
  }
  const text = JSON.stringify(rows);
  expect(text).toContain("Task 44");
  expect(text).not.toContain(bob.userId);
  const args = { table: "authAccounts", paginationOpts: { numItems: 20, cursor: null } };
  await expect(ada.as.query(dataExport.exportPage, args)).rejects.toThrow("no such data");
});
