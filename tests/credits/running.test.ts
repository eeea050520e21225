import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ConvexClient } from "convex/browser";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { generateReply, sendChatMessage, stopMessage } from "../bench/convex-functions.ts";
import type { DeploymentProcess } from "../faults/deployment-process.ts";
import { type Account, signUp } from "./account.ts";
import { expectAnswersToCostWhatTheyDeserve, expectBooksToBalance } from "./expect-books.ts";
import { call, Owner, OWNER_MODULE } from "./owner.ts";
import { listFunctions, sample } from "./offered-functions.ts";
import { startProductDeployment } from "./product-deployment.ts";
import { type QuickModel, startQuickModel } from "./quick-model.ts";

const START_TIMEOUT_MS = 120_000;
const LONG_MS = 60_000;
/** An answer whose start was lost with the deployment is given up after a minute, and seen to be soon after. */
const SETTLED_MS = 100_000;

let folder: string;
let model: QuickModel;
let deployment: DeploymentProcess;
let owner: Owner;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "parley-credits-"));
  model = await startQuickModel();
  const modules = { "owner.ts": OWNER_MODULE };
  deployment = await startProductDeployment(folder, { modelUrl: model.url, modules });
  owner = new Owner(deployment);
}, START_TIMEOUT_MS);

afterAll(async () => {
  await deployment.stop();
  await model.close();
  rmSync(folder, { recursive: true });
});

/** A page of that person's, which comes back by itself when the server does. */
function pageOf({ token }: Account): ConvexClient {
  const client = new ConvexClient(deployment.url, { logger: false });
  client.setAuth(() => Promise.resolve(token));
  return client;
}

async function withPages<T>(
  count: number,
  account: Account,
  work: (pages: ConvexClient[]) => Promise<T>,
): Promise<T> {
  const pages = Array.from({ length: count }, () => pageOf(account));
  try {
    return await work(pages);
  } finally {
    await Promise.all(pages.map((page) => page.close()));
  }
}

/** Sends in chats of their own, spread over the pages. */
function sends(pages: readonly ConvexClient[], count: number) {
  return Array.from({ length: count }, async (_, i) => {
    const send = { content: "Hello", clientKey: randomUUID() };
    return await pages[i % pages.length]?.mutation(sendChatMessage, send);
  });
}

/** Waits until no answer of the person is being written any more. */
async function untilSettled({ userId }: Account) {
  return await vi.waitFor(
    async () => {
      const books = await owner.books(userId);
      for (const { status } of books.messages) expect(status).not.toMatch(/pending|streaming/);
      return books;
    },
    { timeout: SETTLED_MS, interval: 250 },
  );
}

test(
  "of 1,000 sends at once with 100 credits exactly 33 are accepted, and the others are told why",
  async () => {
    const ada = await signUp(deployment.url);
    const results = await withPages(10, ada, async (pages) => {
      return await Promise.allSettled(sends(pages, 1000));
    });
    const refusals = results.flatMap((result) =>
      result.status === "rejected" ? [(result.reason as { data: unknown }).data] : [],
    );
    expect(refusals).toHaveLength(967);
    const refusal = { code: "INSUFFICIENT_CREDITS", cost: 3, balance: 1 };
    for (const data of refusals) expect(data).toMatchObject(refusal);
    const books = await untilSettled(ada);
    expect(books.held?.creditsRemaining).toBe(1);
    expect(books.messages).toHaveLength(66);
    expectBooksToBalance(books);
    expectAnswersToCostWhatTheyDeserve(books);
  },
  LONG_MS,
);

test(
  "a hundred sends race over the month's boundary, and it renews once",
  async () => {
    const ada = await signUp(deployment.url);
    const accepted = await withPages(5, ada, async (pages) => {
      await Promise.all(sends(pages, 2));
      await owner.call("mutation", "owner:endMonth", { userId: ada.userId });
      const results = await Promise.allSettled(sends(pages, 100));
      return results.filter(({ status }) => status === "fulfilled").length;
    });
    expect(accepted).toBe(33);
    const books = await untilSettled(ada);
    expect(books.held?.creditsRemaining).toBe(1);
    expect(books.rows.filter(({ kind }) => kind === "reset")).toHaveLength(1);
    expectBooksToBalance(books);
  },
  LONG_MS,
);

test(
  "the same send ten times, over reconnects and a killed server, is one message and one charge",
  async () => {
    const ada = await signUp(deployment.url);
    const args = { content: "Hello", clientKey: randomUUID() };
    const turns = await withPages(4, ada, async (pages) => {
      const send = async (page: number) => await pages[page]?.mutation(sendChatMessage, args);
      const before = [send(0), send(1), send(0)];
      await deployment.kill();
      const during = [send(1), send(2), send(2)];
      await deployment.start();
      const after = [send(0), send(3)];
      await Promise.all(after);
      await deployment.kill();
      const atLast = [send(3), send(2)];
      await deployment.start();
      return await Promise.all([...before, ...during, ...after, ...atLast]);
    });
    expect(turns).toHaveLength(10);
    expect(new Set(turns.map((turn) => turn?.answerId)).size).toBe(1);
    const books = await untilSettled(ada);
    expect(books.messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
    expect(books.rows.map(({ kind }) => kind)).toEqual(["grant", "charge"]);
    expectBooksToBalance(books);
  },
  3 * LONG_MS,
);

const event = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      is: fc.constant("send" as const),
      content: fc.constantFrom("Hello", "pause", "refuse", "cut"),
      at: fc.integer({ min: 1, max: 6 }),
      /** Before its text, or while it is written. */
      stopsAfterMs: fc.constantFrom(null, 0, 500),
    }),
  },
  { weight: 2, arbitrary: fc.record({ is: fc.constant("kill" as const) }) },
  fc.record({ is: fc.constant("buy" as const), invoice: fc.nat(2), credits: fc.constant(9) }),
  fc.record({ is: fc.constant("refund" as const), invoice: fc.nat(2), credits: fc.nat(9) }),
  fc.record({ is: fc.constant("pro" as const), on: fc.boolean() }),
  fc.record({ is: fc.constant("month" as const) }),
);
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

/** Does what happens; sends go on behind it, so that whatever comes next meets them. */
async function happen(happening: Event, page: ConvexClient, { userId }: Account) {
  const owns = async (name: string, args: object = {}) =>
    void (await owner.call("mutation", `owner:${name}`, { userId, ...args }));
  if (happening.is === "kill") {
    await deployment.kill();
    await deployment.start();
    return [];
  }
  if (happening.is === "send") {
    const { content, at, stopsAfterMs } = happening;
    return Array.from({ length: at }, async () => {
      const turn = await page.mutation(sendChatMessage, { content, clientKey: randomUUID() });
      const messageId = turn.answerId;
      // What a kill takes from it, the scheduler or the reaper makes good.
      page.action(generateReply, { messageId }).catch(() => undefined);
      if (stopsAfterMs === null) return;
      await delay(stopsAfterMs);
      await page.mutation(stopMessage, { messageId, seenLength: 0 });
    });
  }
  if (happening.is === "month") await owns("endMonth");
  else if (happening.is === "pro") await owns("pro", { on: happening.on });
  else {
    const { invoice, credits } = happening;
    const name = happening.is === "buy" ? "buy" : "refundInvoice";
    await owns(name, { invoice: `in_${userId}_${invoice}`, credits });
  }
  return [];
}

test(
  "after any history of sends, failures, stops, purchases, resets and kills the books balance",
  async () => {
    const live = async (history: Event[]) => {
      const ada = await signUp(deployment.url);
      await withPages(1, ada, async ([page]) => {
        if (page === undefined) throw new Error("no page");
        await Promise.all(sends([page], 1));
        const open: Promise<void>[] = [];
        for (const happening of history) open.push(...(await happen(happening, page, ada)));
        await Promise.allSettled(open);
      });
      const books = await untilSettled(ada);
      expectBooksToBalance(books);
      expectAnswersToCostWhatTheyDeserve(books);
    };
    const histories = fc.array(event, { minLength: 6, maxLength: 12 });
    await fc.assert(fc.asyncProperty(histories, live), { numRuns: 6, endOnFailure: true });
  },
  6 * LONG_MS,
);

test("a drift that somebody planted is reported, and found by nobody once it is mended", async () => {
  const ada = await signUp(deployment.url);
  await owner.call("mutation", "owner:buy", {
    userId: ada.userId,
    invoice: randomUUID(),
    credits: 50,
  });
  const compare = () => owner.call("action", "credits/audit:compare", {});
  await compare();
  await owner.call("mutation", "owner:plantDrift", { userId: ada.userId, credits: 7 });
  await expect(compare()).rejects.toThrow(
    new RegExp(`CREDIT DRIFT: ${ada.userId} holds 157 .* the ledger says 150`),
  );
  await owner.call("mutation", "owner:plantDrift", { userId: ada.userId, credits: -7 });
  await compare();
});

describe("from a client", () => {
  test("credits can be read, and nothing else is offered", async () => {
    const offered = (await listFunctions(owner)).filter(
      ({ path, isPublic }) => isPublic && path.startsWith("credits/"),
    );
    expect(offered.length).toBeGreaterThan(2);
    expect(offered.filter(({ kind }) => kind !== "query")).toEqual([]);
  });

  test(
    "no internal function can be called, by nobody, whatever its name",
    async () => {
      const ada = await signUp(deployment.url);
      const hidden = (await listFunctions(owner)).filter(({ isPublic }) => !isPublic);
      const names = hidden.map(({ path }) => path);
      expect(names).toContain("owner:buy");
      expect(names).toContain("credits/audit:report");
      for (const { path, kind, args } of hidden) {
        const called = await call(deployment.url, `Bearer ${ada.token}`, kind, path, {
          ...(sample(args, { users: ada.userId }) as object),
        });
        expect({ path, ...called }).toMatchObject({
          path,
          status: "error",
          errorMessage: expect.stringContaining("Could not find public function") as string,
        });
      }
    },
    LONG_MS,
  );

  test(
    "no function that is offered gives credits, whatever it is asked",
    async () => {
      const ada = await signUp(deployment.url);
      const asAda = `Bearer ${ada.token}`;
      const args = { content: "Hello", clientKey: randomUUID() };
      const sent = await call(
        deployment.url,
        asAda,
        "mutation",
        "chat/messages:sendChatMessage",
        args,
      );
      expect(sent.status).toBe("success");
      const { messages } = await untilSettled(ada);
      const { sessionId, answerId } = (sent as { value: Record<string, string> }).value;
      const ids = {
        users: ada.userId,
        chatSessions: sessionId ?? "",
        chatMessages: answerId ?? messages[0]?._id ?? "",
      };
      const offered = (await listFunctions(owner)).filter(
        ({ path, kind, isPublic }) => isPublic && kind !== "query" && !path.startsWith("auth:"),
      );
      expect(offered.length).toBeGreaterThan(3);
      for (const { path, kind, args } of offered) {
        for (const seed of [0, 1]) {
          const asked = sample(args, ids, seed) as Record<string, unknown>;
          await call(deployment.url, asAda, kind, path, asked);
        }
      }
      const { held, rows } = await untilSettled(ada);
      expect(held?.creditsRemaining).toBeLessThanOrEqual(97);
      expect(held).not.toMatchObject({ unlimited: true });
      for (const { kind } of rows) expect(["grant", "charge", "refund"]).toContain(kind);
      expect(rows.filter(({ kind }) => kind === "grant")).toHaveLength(1);
    },
    LONG_MS,
  );
});
