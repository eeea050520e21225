import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { type Deployment, freshDeployment, type Person, signUp } from "../test.setup";
import { creditsRefunded } from "./snapshot";

let deployment: Deployment;
let ada: Person;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "setImmediate"] });
  deployment = freshDeployment();
  ada = await signUp(deployment);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function invoice(stripeId: string, planIds: string[], more: object = {}) {
  return {
    stripeId,
    planIds,
    total: 5,
    paid: 5,
    refunded: 0,
    currency: "usd",
    createdAt: 1,
    url: null,
    ...more,
  };
}

const write = (...invoices: ReturnType<typeof invoice>[]) =>
  deployment.mutation(internal.billing.writes.write, { userId: ada.userId, invoices });
const writePro = (asOf: number, pro: object | null) =>
  deployment.mutation(internal.billing.writes.writePro, {
    userId: ada.userId,
    asOf,
    pro: pro as never,
  });
const usage = () => ada.as.query(api.credits.usage.current, {});
const pro = async () => (await ada.as.query(api.billing.state.current, {})).pro;
const order = async (planId: "topup_500" | "topup_1000" | "pro") =>
  (await deployment.mutation(internal.billing.orders.open, { userId: ada.userId, planId })).orderId;
const statusOf = async (orderId: string) =>
  (await ada.as.query(api.billing.orders.byId, { orderId }))?.status;

describe("a paid invoice", () => {
  test("is granted once, by its id and the plan, with the credits of our table", async () => {
    await write(invoice("in_1", ["topup_500"], { total: 0, paid: 0 }));
    await write(invoice("in_1", ["topup_500"]), invoice("in_1", ["topup_500", "topup_500"]));
    await write(invoice("in_2", ["topup_1000", "topup_500", "somebody_elses"]));
    expect((await usage()).purchased).toBe(2000);
  });

  test("of Pro is a receipt of no credits", async () => {
    await write(invoice("in_1", ["pro"], { total: 20, paid: 20, url: "https://pay.example/in_1" }));
    const { page } = await ada.as.query(api.credits.history.list, {
      kind: "purchase",
      paginationOpts: { numItems: 5, cursor: null },
    });
    expect(page).toMatchObject([
      { amount: 0, subject: { planId: "pro", invoiceUrl: "https://pay.example/in_1" } },
    ]);
  });

  test("that was granted to somebody else is not granted again", async () => {
    const bob = await signUp(deployment, "bob@example.com");
    await write(invoice("in_1", ["topup_500"]));
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    await deployment.mutation(internal.billing.writes.write, {
      userId: bob.userId,
      invoices: [invoice("in_1", ["topup_500"])],
    });
    expect((await bob.as.query(api.credits.usage.current, {})).purchased).toBe(0);
  });
});

describe("a refund", () => {
  test("in steps takes back each step once", async () => {
    for (const refunded of [0, 2, 2, 1, 5, 5]) {
      await write(invoice("in_1", ["topup_500"], { refunded }));
    }
    expect((await usage()).purchased).toBe(0);
    const purchases = await deployment.run((ctx) => ctx.db.query("purchases").collect());
    expect(purchases).toMatchObject([{ credits: 500, creditsRefunded: 500 }]);
  });

  test("is whole credits, never more than were granted, and nothing of nothing", () => {
    const money = fc.integer({ min: 0, max: 5000 });
    fc.assert(
      fc.property(money, money, fc.integer({ min: 0, max: 5000 }), (paid, refunded, credits) => {
        const back = creditsRefunded(credits, { paid, refunded });
        expect(Number.isInteger(back)).toBe(true);
        expect(back).toBeGreaterThanOrEqual(0);
        expect(back).toBeLessThanOrEqual(credits);
        const all = paid > 0 && refunded >= paid;
        const none = refunded === 0 || paid === 0;
        expect(all ? credits - back : 0).toBe(0);
        expect(none ? back : 0).toBe(0);
      }),
    );
  });
});

describe("Pro", () => {
  const RUNNING = { periodEnd: 9e12, endsAt: null, isPastDue: false };

  test("is what the newest question was answered, whichever answer is written last", async () => {
    await writePro(2000, RUNNING);
    await writePro(1000, null);
    expect(await pro()).toEqual(RUNNING);
    expect((await usage()).unlimited).toBe(true);
    await writePro(3000, { ...RUNNING, isPastDue: true });
    expect((await usage()).unlimited).toBe(true);
    await writePro(4000, null);
    expect((await usage()).unlimited).toBe(false);
    expect(await pro()).toBeNull();
  });

  test("that is cancelled while it runs counts again from its end on", async () => {
    const endsAt = Date.now() + 1000;
    await writePro(1, RUNNING);
    await writePro(2, { ...RUNNING, endsAt });
    expect((await usage()).unlimited).toBe(true);
    vi.setSystemTime(endsAt);
    expect((await usage()).unlimited).toBe(false);
  });

  test("at its known end is written to be over, so that an open page learns of it", async () => {
    const isStored = async () =>
      (await deployment.run((ctx) => ctx.db.query("userUsage").unique()))?.unlimited;
    const endsAt = Date.now() + 1000;
    await writePro(1, { ...RUNNING, endsAt });
    await writePro(2, { ...RUNNING, endsAt: endsAt + 1000 });
    vi.advanceTimersByTime(1000);
    await deployment.finishInProgressScheduledFunctions();
    expect(await isStored()).toBe(true);
    vi.advanceTimersByTime(1000);
    await deployment.finishInProgressScheduledFunctions();
    expect(await isStored()).toBe(false);
  });

  test("of one person is nobody else's", async () => {
    const bob = await signUp(deployment, "bob@example.com");
    await writePro(1, RUNNING);
    expect(await bob.as.query(api.billing.state.current, {})).toMatchObject({ pro: null });
    expect(await bob.as.query(api.credits.usage.current, {})).toMatchObject({ unlimited: false });
  });

  test("that will end is asked about when it has ended", async () => {
    const endsAt = Date.now() + 86_400_000;
    await writePro(1, { ...RUNNING, endsAt });
    const planned = await deployment.run((ctx) => ctx.db.query("plannedReconciles").unique());
    expect(planned?.times).toEqual([endsAt + 5000]);
  });

  test("is over at its known end, whether or not Autumn can be asked", async () => {
    const endsAt = Date.now() + 1000;
    await writePro(1, { ...RUNNING, endsAt });
    expect((await usage()).unlimited).toBe(true);
    vi.setSystemTime(endsAt);
    expect((await usage()).unlimited).toBe(false);
    expect(await pro()).toBeNull();
    const turn = await ada.as.mutation(api.chat.messages.sendChatMessage, {
      content: "Hello",
      clientKey: "a",
    });
    expect(turn).toBeTruthy();
    expect((await usage()).creditsRemaining).toBe(97);
  });

  test("whose end has passed is over, and not asked about again and again", async () => {
    const endsAt = Date.now() - 1000;
    await writePro(Date.now(), { ...RUNNING, endsAt });
    expect(await pro()).toBeNull();
    expect((await usage()).unlimited).toBe(false);
    expect(await deployment.run((ctx) => ctx.db.query("plannedReconciles").first())).toBeNull();
    await writePro(Date.now() + 1, RUNNING);
    expect(await pro()).toEqual(RUNNING);
  });

  test("that begins fulfils the order that waits, and none that nobody paid", async () => {
    const unpaid = await order("pro");
    const paid = await order("pro");
    await deployment.mutation(internal.billing.orders.opened, { orderId: paid });
    await write(invoice("in_1", ["pro"]));
    await writePro(1, RUNNING);
    expect(await Promise.all([unpaid, paid].map(statusOf))).toEqual(["superseded", "fulfilled"]);
  });

  test("without an invoice, as in a free first period, fulfils its order once it runs", async () => {
    const orderId = await order("pro");
    await writePro(1, null);
    expect(await statusOf(orderId)).toBe("pending");
    await writePro(2, RUNNING);
    expect(await statusOf(orderId)).toBe("fulfilled");
  });

  test("cannot be ordered again while it runs", async () => {
    await writePro(1, RUNNING);
    await expect(order("pro")).rejects.toMatchObject({ data: { code: "ALREADY_PRO" } });
  });
});

describe("an order", () => {
  test("is fulfilled by the invoice for its plan, the oldest that waits first", async () => {
    const first = await order("topup_500");
    const other = await order("topup_1000");
    const second = await order("topup_500");
    await write(invoice("in_1", ["topup_500"]));
    expect(await Promise.all([first, other, second].map(statusOf))).toEqual([
      "fulfilled",
      "pending",
      "pending",
    ]);
  });

  test("is fulfilled by a payment of its own, and seen by nobody else", async () => {
    const bob = await signUp(deployment, "bob@example.com");
    const orders = [await order("topup_500"), await order("topup_500")];
    await write(invoice("in_1", ["topup_500"]), invoice("in_2", ["topup_500"]));
    expect(await Promise.all(orders.map(statusOf))).toEqual(["fulfilled", "fulfilled"]);
    const [orderId = ""] = orders;
    expect(await bob.as.query(api.billing.orders.byId, { orderId })).toBeNull();
  });

  test("that was replaced is paid before those replaced earlier", async () => {
    const replaced = [await order("topup_500"), await order("topup_500")];
    const open = await order("topup_1000");
    await deployment.mutation(internal.billing.orders.opened, { orderId: open });
    await write(invoice("in_1", ["topup_500"]));
    expect(await Promise.all(replaced.map(statusOf))).toEqual(["superseded", "fulfilled"]);
    await write(invoice("in_2", ["topup_500"]));
    expect(await Promise.all(replaced.map(statusOf))).toEqual(["fulfilled", "fulfilled"]);
  });

  test("gives way to a newer one whose checkout is open, and may still be paid", async () => {
    const first = await order("topup_500");
    const second = await order("topup_1000");
    await deployment.mutation(internal.billing.orders.opened, { orderId: second });
    expect(await statusOf(first)).toBe("superseded");
    await write(invoice("in_1", ["topup_500"]));
    expect(await Promise.all([first, second].map(statusOf))).toEqual(["fulfilled", "pending"]);
  });

  test("is asked about less and less often, and given up after a day", async () => {
    const orderId = await order("topup_500");
    const madeAt = Date.now();
    const minutes: number[] = [];
    while ((await statusOf(orderId)) === "pending" && minutes.length < 100) {
      const order = await deployment.run((ctx) => ctx.db.get("checkoutOrders", orderId));
      vi.setSystemTime(order?.checkAt ?? 0);
      minutes.push((Date.now() - madeAt) / 60_000);
      await deployment.mutation(internal.billing.rounds.checkOrders, {});
    }
    expect(minutes.slice(0, 3).map(Math.round)).toEqual([1, 2, 3]);
    expect(await deployment.run((ctx) => ctx.db.query("plannedReconciles").first())).not.toBeNull();
    expect(minutes.length).toBeLessThan(40);
    expect(Math.round(minutes.at(-1) ?? 0)).toBe(24 * 60);
    expect(await statusOf(orderId)).toBe("expired");
  });
});

test("nothing is written down of a person who is gone", async () => {
  await deployment.run((ctx) => ctx.db.delete("users", ada.userId));
  await write(invoice("in_1", ["topup_500"]));
  await writePro(1, { periodEnd: null, endsAt: null, isPastDue: false });
  const rows = await deployment.run(async (ctx) => [
    await ctx.db.query("purchases").first(),
    await ctx.db.query("billingStates").first(),
    await ctx.db.query("userUsage").first(),
  ]);
  expect(rows).toEqual([null, null, null]);
});
