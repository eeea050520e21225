import { Webhook } from "standardwebhooks";
import { describe, expect, test, vi } from "vitest";
import { SECRET } from "./fixture.ts";
import type { Message } from "./records.ts";
import {
  attach,
  autumn,
  buy,
  clientOf,
  control,
  customerId,
  events,
  hook,
  invoices,
  press,
  refusal,
  restart,
  sandbox,
  SHOP,
  useSandbox,
} from "./running-sandbox.ts";

useSandbox();

describe("a purchase", () => {
  test("goes by the hosted page to the shop, a paid invoice and three signed messages", async () => {
    await autumn.customers.getOrCreate({ customerId, email: "ada@example.com" });
    const url = await attach("pack", "order-1");
    const page = await (await fetch(url)).text();
    expect(page).toContain("Sandbox.");
    expect(page).toContain("500 &lt;b&gt;credits&lt;/b&gt;");
    const paid = await press(url, "pay");
    expect(paid.headers.get("location")).toBe(`${SHOP}?order=order-1`);
    expect(await invoices()).toMatchObject([
      { planIds: ["pack"], status: "paid", total: 5, amountPaid: 5, refundedAmount: 0, customerId },
    ]);
    const customer = await autumn.customers.get({ customerId, expand: ["invoices"] });
    expect(customer).toMatchObject({ purchases: [{ planId: "pack" }], subscriptions: [] });
    await vi.waitFor(() => expect(hook.received).toHaveLength(3));
    expect(events().map(({ type }) => type)).toEqual(
      expect.arrayContaining(["billing.updated", "customer.products.updated", "invoice.finalized"]),
    );
    for (const { headers, body } of hook.received) {
      const verified = new Webhook(SECRET).verify(body, {
        "webhook-id": headers["svix-id"] ?? "",
        "webhook-timestamp": headers["svix-timestamp"] ?? "",
        "webhook-signature": headers["svix-signature"] ?? "",
      });
      expect(verified).toEqual(JSON.parse(body));
    }
  });

  test("is paid once: the page ends with the first button", async () => {
    const url = await attach("pack");
    await press(url, "pay");
    expect((await press(url, "pay")).status).toBe(410);
    expect((await fetch(url)).status).toBe(410);
    expect(await invoices()).toHaveLength(1);
  });

  test("is neither made by Decline nor by Cancel, which lead back and say so", async () => {
    const declined = await press(await attach("pack", "d"), "decline");
    expect(declined.headers.get("location")).toBe(`${SHOP}?order=d&left=1&outcome=declined`);
    const cancelled = await press(await attach("pack", "c"), "cancel");
    expect(cancelled.headers.get("location")).toBe(`${SHOP}?order=c&left=1&outcome=cancelled`);
    expect(await invoices()).toEqual([]);
    expect((await press(await attach("pack"), "steal")).status).toBe(400);
  });

  test("with the promotion code is a paid invoice of 0", async () => {
    await press(await attach("pack"), "pay", "FREE");
    expect(await invoices()).toMatchObject([{ status: "paid", total: 0, amountPaid: 0 }]);
  });

  test("has one open page a customer: another request replaces it", async () => {
    const first = await attach("pack", "a");
    const second = await attach("large", "b");
    expect((await press(first, "pay")).status).toBe(410);
    expect((await press(second, "pay")).status).toBe(303);
    expect(await invoices()).toMatchObject([{ planIds: ["large"] }]);
  });

  test("takes no price and no plan from the form", async () => {
    const url = await attach("pack");
    const body = new URLSearchParams({ action: "pay", plan_id: "large", total: "0" });
    await fetch(url, { method: "POST", body, redirect: "manual" });
    expect(await invoices()).toMatchObject([{ planIds: ["pack"], total: 5 }]);
  });

  test("is charged to the saved card when no page is asked for", async () => {
    await buy("pack");
    const attached = await autumn.billing.attach({ customerId, planId: "large" });
    expect(attached).toMatchObject({ paymentUrl: null, invoice: { status: "paid", total: 9 } });
  });
});

describe("refusals carry the service's codes", () => {
  test("for keys, customers, plans and repeated keys", async () => {
    const stranger = clientOf(sandbox, "am_sk_test_other");
    expect(await refusal(stranger.plans.list())).toEqual([401, "invalid_secret_key"]);
    expect(await refusal(autumn.customers.get({ customerId }))).toEqual([
      404,
      "customer_not_found",
    ]);
    expect(await refusal(attach("nothing"))).toEqual([404, "product_not_found"]);
    await attach("pack", `once-${customerId}`);
    const again = await refusal(attach("pack", `once-${customerId}`));
    expect(again).toEqual([409, "duplicate_idempotency_key"]);
    await buy("pro");
    expect(await refusal(attach("pro"))).toEqual([409, "plan_already_attached"]);
  });

  test("for a billing operation while another one runs, or a payment is processed", async () => {
    await control("faults", { api: { delayMs: 100 } });
    const [first, second] = await Promise.allSettled([attach("pack"), attach("large")]);
    expect([first.status, second.status].sort()).toEqual(["fulfilled", "rejected"]);
    await control("faults", { api: { invoiceDelayMs: 60_000 } });
    await buy("pack");
    expect(await refusal(attach("pack"))).toEqual([423, "lock_already_exists"]);
    expect(await invoices()).toEqual([]);
  });
});

describe("a subscription", () => {
  test("renews with a new invoice, is cancelled, resumed, and ends", async () => {
    await buy("pro");
    const current = async () => (await autumn.customers.get({ customerId })).subscriptions;
    const [begun] = await current();
    expect(begun).toMatchObject({ planId: "pro", status: "active", expiresAt: null });
    expect(await autumn.check({ customerId, featureId: "credits" })).toMatchObject({
      allowed: true,
    });
    await control(`customers/${customerId}/advance-period`, {});
    const [renewed] = await current();
    expect(renewed?.currentPeriodStart).toBe(begun?.currentPeriodEnd);
    expect(await invoices()).toHaveLength(2);

    const { url } = await autumn.billing.openCustomerPortal({ customerId, returnUrl: SHOP });
    await press(url, "cancel");
    expect(await current()).toMatchObject([{ expiresAt: renewed?.currentPeriodEnd }]);
    await autumn.billing.update({ customerId, planId: "pro", cancelAction: "uncancel" });
    expect(await current()).toMatchObject([{ expiresAt: null, canceledAt: null }]);
    await control(`customers/${customerId}/past-due`, {});
    expect(await current()).toMatchObject([{ pastDue: true, status: "active" }]);
    await press(url, "settle");
    await press(url, "cancel");
    await control(`customers/${customerId}/advance-period`, {});
    expect(await current()).toEqual([]);
    expect(await invoices()).toHaveLength(2);
    expect((await autumn.check({ customerId, featureId: "credits" })).allowed).toBe(false);
    await vi.waitFor(() => expect(JSON.stringify(events())).toContain('"action":"expired"'));
  });

  test("that was cancelled is over when its time is, though nothing ends it", async () => {
    await buy("pro");
    await autumn.billing.update({
      customerId,
      planId: "pro",
      cancelAction: "cancel_end_of_cycle",
    });
    const current = async () => (await autumn.customers.get({ customerId })).subscriptions;
    const [cancelled] = await current();
    vi.useFakeTimers({ toFake: ["Date"], now: cancelled?.expiresAt ?? 0 });
    expect(await current()).toEqual([]);
    vi.useRealTimers();
  });
});

test("a balance is what the packs include, less what is tracked", async () => {
  await buy("pack");
  await autumn.track({ customerId, featureId: "credits", value: 20 });
  const { balance } = await autumn.check({ customerId, featureId: "credits" });
  expect(balance).toMatchObject({ granted: 500, usage: 20, remaining: 480 });
});

test("a refund shows in the invoice, and never as more than was paid", async () => {
  await buy("pack");
  await control(`customers/${customerId}/refund`, { amount: 2 });
  expect(await invoices()).toMatchObject([{ refundedAmount: 2 }]);
  await control(`customers/${customerId}/refund`, {});
  expect(await invoices()).toMatchObject([{ refundedAmount: 5 }]);
});

test("every plan of the config is listed as the SDK expects it", async () => {
  const { list } = await autumn.plans.list();
  expect(list.map(({ id, price }) => [id, price?.amount, price?.interval])).toEqual([
    ["pack", 5, "one_off"],
    ["large", 9, "one_off"],
    ["pro", 20, "month"],
  ]);
});

test("invoices come in pages, newest first", async () => {
  for (const planId of ["pack", "large", "pack"]) await buy(planId);
  const first = await autumn.invoices.list({ customerId, limit: 2 });
  expect(first.list.map(({ planIds }) => planIds[0])).toEqual(["pack", "large"]);
  const rest = await autumn.invoices.list({ customerId, limit: 2, startCursor: first.nextCursor! });
  expect(rest.list).toHaveLength(1);
  expect(rest.nextCursor).toBeNull();
});

test("everything is there after a restart, messages that were on their way too", async () => {
  const url = await attach("pack");
  await buy("large");
  hook.status = 500;
  await control("faults", { webhooks: { delayMs: 60_000 } });
  await buy("pro");
  const before = await control("state");
  await restart();
  expect(await control("state")).toEqual(before);
  expect((await press(url.replace(/^http:\/\/[^/]+/, sandbox.url), "pay")).status).toBe(410);
  const waiting = ((await control("messages")) as Message[]).filter(
    ({ state, body, ...message }) =>
      state === "pending" && message.customerId === customerId && body.includes('"pro"'),
  );
  expect(waiting).toHaveLength(3);
});
