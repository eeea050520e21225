import { setTimeout as sleep } from "node:timers/promises";
import { ConvexHttpClient } from "convex/browser";
import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { billingState, checkPro, orderById, settleCheckout, startCheckout } from "./functions.ts";
import { press } from "./sandbox-process.ts";
import { creditsWorth, Shop, type Shopper, until } from "./shop.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await Shop.open();
}, 240_000);
afterAll(async () => {
  await shop.close();
});
afterEach(async () => {
  await shop.sandbox.faults({});
});

const RETURN_CLOSED = "with the return page closed";

/** Sends what anybody could send. @returns the answer's status. */
async function post(body: string, headers: Record<string, string>): Promise<number> {
  const url = `${shop.deployment.siteUrl}/webhooks/autumn`;
  return (await fetch(url, { method: "POST", body, headers })).status;
}

function signed(
  body: string,
  { secret = shop.webhookSecret, ageMs = 0, id = crypto.randomUUID() },
) {
  const at = new Date(Date.now() - ageMs);
  return {
    "svix-id": id,
    "svix-timestamp": String(Math.floor(at.getTime() / 1000)),
    "svix-signature": new Webhook(secret).sign(id, at, body),
  };
}

function bell(customerId: string): string {
  const data = { object: "billing.updated", customer_id: customerId, plan_changes: [], tags: [] };
  return JSON.stringify({ type: "billing.updated", data });
}

/** No plan is left that could still grant something. */
async function quiet(person: Shopper, credits: number) {
  await person.untilPurchased(credits);
  await person.settle();
  await sleep(200);
  expect(await person.purchased()).toBe(credits);
}

describe("every webhook a hundred times, at once and in random order", () => {
  test(`grants one purchase once, ${RETURN_CLOSED}`, async () => {
    const ada = await shop.shopper();
    await ada.buy("topup_500");
    await shop.sandbox.post("messages/replay", { customerId: ada.id, times: 100 });
    await quiet(ada, 500);
    expect(await ada.receipts()).toHaveLength(1);
  });

  test("grants it once when copies with new ids overtake one another", async () => {
    await shop.sandbox.faults({
      webhooks: { repeats: 8, duplicates: 2, delayMs: 1000, reorderMs: 400, drop: 0.3 },
    });
    const ada = await shop.shopper();
    await ada.buy("topup_1000");
    await ada.buy("topup_500");
    await quiet(ada, 1500);
    expect(await ada.receipts()).toHaveLength(2);
  });
});

describe("a lost webhook", () => {
  test("is made up for by the return page", async () => {
    await shop.sandbox.faults({ webhooks: { drop: 1 } });
    const ada = await shop.shopper();
    const orderId = await ada.buy("topup_500");
    expect(await ada.purchased()).toBe(0);
    expect(await ada.settle()).toBe(true);
    expect(await ada.purchased()).toBe(500);
    const order = await ada.order(orderId);
    expect(order).toMatchObject({ status: "fulfilled", credits: 500 });
  });

  test(`is made up for by the hourly sweep, ${RETURN_CLOSED}`, async () => {
    await shop.sandbox.faults({ webhooks: { drop: 1 } });
    const people = await Promise.all([shop.shopper(), shop.shopper()]);
    for (const person of people) await person.buy("topup_500");
    await shop.sweep();
    for (const person of people) await quiet(person, 500);
  });
});

describe("a message that is", () => {
  test("forged, stale or not signed is refused, and changes nothing", async () => {
    await shop.sandbox.faults({ webhooks: { drop: 1 } });
    const ada = await shop.shopper();
    await ada.buy("topup_500");
    const body = bell(ada.id);
    const another = `whsec_${Buffer.from("another secret altogether").toString("base64")}`;
    expect(await post(body, signed(body, { secret: another }))).toBe(400);
    expect(await post(body, signed(body, { ageMs: 10 * 60_000 }))).toBe(400);
    expect(await post(body, signed(body, { ageMs: -10 * 60_000 }))).toBe(400);
    expect(await post(`${body} `, signed(body, {}))).toBe(400);
    expect(await post(body, { ...signed(body, {}), "svix-id": "another" })).toBe(400);
    expect(await post(body, {})).toBe(400);
    await sleep(300);
    expect(await ada.purchased()).toBe(0);
    expect(await post(body, signed(body, {}))).toBe(200);
    await ada.untilPurchased(500);
  });

  test("signed and forged in content grants nothing that is not paid", async () => {
    const ada = await shop.shopper();
    await ada.checkout("topup_5000");
    const body = JSON.stringify({
      type: "invoice.finalized",
      data: {
        customer_id: ada.id,
        plan_ids: ["topup_5000"],
        stripe_id: "in_forged",
        status: "paid",
        total: 40,
        amount_paid: 40,
      },
    });
    expect(await post(body, signed(body, {}))).toBe(200);
    await quiet(ada, 0);
  });

  test("about nobody we know, or about something else, is accepted and forgotten", async () => {
    for (const body of [
      bell("nobody"),
      bell("j570000000000000000000000000000"),
      JSON.stringify({ type: "balances.limit_reached", data: { customer_id: "x" } }),
      JSON.stringify({ type: "billing.updated" }),
      JSON.stringify([]),
    ]) {
      expect(await post(body, signed(body, {}))).toBe(200);
    }
  });
});

test("an unknown customer's purchase makes no storm: each message is delivered at the first try", async () => {
  const ada = await shop.shopper();
  await ada.buy("topup_500");
  const messages = () => shop.sandbox.messages(ada.id);
  await until(
    async () => (await messages()).every(({ state }) => state === "delivered"),
    5000,
    async () => JSON.stringify(await messages()),
  );
  const body = (await messages())[0]?.body ?? "";
  const foreign = body.replaceAll(ada.id, "somebody-of-another-app");
  expect(await post(foreign, signed(foreign, {}))).toBe(200);
  await quiet(ada, 500);
});

describe("two browsers", () => {
  test("that pay for the same and for different packs at once get each paid invoice once", async () => {
    const ada = await shop.shopper();
    const attempts = await Promise.allSettled(
      (["topup_500", "topup_500", "topup_1000", "topup_5000"] as const).map(
        async (planId) => await press((await ada.checkout(planId)).url, "pay"),
      ),
    );
    const refusals = attempts.flatMap((it) =>
      it.status === "rejected" ? [(it.reason as { data: { code: string } }).data.code] : [],
    );
    expect(new Set([...refusals, "PAYMENT_PROCESSING"]).size).toBe(1);
    const worth = creditsWorth(await shop.sandbox.invoices(ada.id));
    expect(worth).toBeGreaterThan(0);
    await quiet(ada, worth);
  });

  test("that press Pay on one page pay once", async () => {
    const ada = await shop.shopper();
    const { url } = await ada.checkout("topup_500");
    const paid = await Promise.all(Array.from({ length: 10 }, () => press(url, "pay")));
    expect(paid.filter(Boolean)).toHaveLength(1);
    await quiet(ada, 500);
  });
});

describe("what is not paid", () => {
  test.each(["decline", "cancel"] as const)("grants nothing: %s", async (action) => {
    const ada = await shop.shopper();
    const { url, orderId } = await ada.checkout("topup_500");
    await press(url, action);
    await quiet(ada, 0);
    const order = await ada.order(orderId);
    expect(order?.status).toBe("pending");
  });
});

describe("a refund", () => {
  test("takes back its share, never what was spent, and once", async () => {
    const ada = await shop.shopper();
    await ada.buy("topup_500");
    await ada.untilPurchased(500);
    await shop.sandbox.post(`customers/${ada.id}/refund`, { amount: 2 });
    await shop.sweep();
    await quiet(ada, 300);
    await shop.sandbox.post(`customers/${ada.id}/refund`);
    await shop.sweep();
    await quiet(ada, 0);
    expect((await ada.receipts()).map(({ kind, amount }) => [kind, amount])).toEqual([
      ["adjustment", -300],
      ["adjustment", -200],
      ["purchase", 500],
    ]);
  });
});

describe("Pro", () => {
  test("begins, renews, is past due, is cancelled and ends as Autumn says", async () => {
    const ada = await shop.shopper();
    const control = (action: string) => shop.sandbox.post(`customers/${ada.id}/${action}`);
    const state = () => ada.pro();
    const isSaid = (check: (pro: Awaited<ReturnType<typeof state>>) => boolean) =>
      until(
        async () => check(await state()),
        10_000,
        async () => JSON.stringify(await state()),
      );
    await ada.buy("pro");
    await isSaid((pro) => pro !== null && pro.endsAt === null && !pro.isPastDue);
    expect(await ada.isUnlimited()).toBe(true);
    await expect(ada.checkout("pro")).rejects.toMatchObject({ data: { code: "ALREADY_PRO" } });

    const before = (await state())?.periodEnd ?? 0;
    await control("advance-period");
    await isSaid((pro) => (pro?.periodEnd ?? 0) > before);
    await control("past-due");
    await isSaid((pro) => pro?.isPastDue === true);
    expect(await ada.isUnlimited()).toBe(true);
    await control("settle");
    await control("cancel-at-end");
    await isSaid((pro) => pro?.endsAt === pro?.periodEnd && pro?.isPastDue === false);
    expect(await ada.isUnlimited()).toBe(true);
    await control("advance-period");
    await isSaid((pro) => pro === null);
    expect(await ada.isUnlimited()).toBe(false);
    expect((await ada.receipts()).map(({ amount }) => amount)).toEqual([0, 0]);
  });

  test("ends by the daily cron when no message tells of it", async () => {
    await shop.sandbox.faults({ webhooks: { drop: 1 } });
    const ada = await shop.shopper();
    await ada.buy("pro");
    await ada.settle();
    await shop.sandbox.post(`customers/${ada.id}/cancel-now`);
    expect(await ada.isUnlimited()).toBe(true);
    await shop.checkPro();
    await until(
      async () => !(await ada.isUnlimited()),
      10_000,
      async () => "still on Pro",
    );
  });
});

describe("Autumn out of reach", () => {
  test.each([{ api: { status: 503 } }, { api: { status: 401 } }, { api: { hang: true } }])(
    "%j: buying says so, nothing is granted or taken, and it catches up by itself",
    async (faults) => {
      const ada = await shop.shopper();
      await ada.buy("pro");
      await ada.settle();
      await ada.buy("topup_500");
      await ada.untilPurchased(500);
      const { url } = await ada.checkout("topup_1000");
      await shop.sandbox.faults({ ...faults, webhooks: { drop: 1 } });
      await press(url, "pay");
      const [refused, settled] = await Promise.allSettled([
        ada.checkout("topup_500"),
        ada.settle(),
      ]);
      expect(refused).toMatchObject({
        status: "rejected",
        reason: { data: { code: "BILLING_UNAVAILABLE" } },
      });
      expect(settled).toMatchObject({ status: "fulfilled", value: false });
      expect(await ada.purchased()).toBe(500);
      expect(await ada.isUnlimited()).toBe(true);
      await shop.sandbox.faults({});
      await shop.sweep();
      await quiet(ada, 1500);
    },
  );

  test("a lost answer to the checkout opens no second one that could be paid", async () => {
    const ada = await shop.shopper();
    await shop.sandbox.faults({ api: { dropReply: 1 } });
    await expect(ada.checkout("topup_500")).rejects.toMatchObject({
      data: { code: "BILLING_UNAVAILABLE" },
    });
    await shop.sandbox.faults({});
    await ada.buy("topup_500");
    await quiet(ada, 500);
    expect(await shop.sandbox.invoices(ada.id)).toHaveLength(1);
  });

  test("an invoice that shows late is granted when it shows", async () => {
    const ada = await shop.shopper();
    await shop.sandbox.faults({ api: { invoiceDelayMs: 1500 } });
    await ada.buy("topup_500");
    await ada.settle();
    expect(await ada.purchased()).toBe(0);
    await ada.untilPurchased(500);
  });
});

describe("nobody", () => {
  test("sees another person's order, or buys what is no plan", async () => {
    const [ada, bob] = await Promise.all([shop.shopper(), shop.shopper()]);
    const { orderId } = await ada.checkout("topup_500");
    expect(await bob.order(orderId)).toBeNull();
    expect(await bob.order("none")).toBeNull();
    for (const planId of ["topup_9", "free", "", 500]) {
      await expect(bob.checkout(planId as never)).rejects.toThrow(/ArgumentValidationError/);
    }
    const nobody = new ConvexHttpClient(shop.deployment.url, { logger: false });
    for (const call of [
      () => nobody.action(startCheckout, { planId: "topup_500" }),
      () => nobody.action(settleCheckout, {}),
      () => nobody.query(billingState, {}),
      () => nobody.query(orderById, { orderId }),
    ]) {
      await expect(call()).rejects.toMatchObject({ data: { code: "UNAUTHENTICATED" } });
    }
    await expect(nobody.mutation(checkPro, { cursor: null })).rejects.toThrow(/checkPro/);
  });
});
