import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PACK_IDS } from "../../convex/billing/plans.ts";
import { press } from "./sandbox-process.ts";
import { creditsWorth, Shop, type Shopper } from "./shop.ts";

const HISTORIES = 15;
const KILLS = 20;
/** How many people pay before each kill, each at a moment of their own. */
const PAYING = 2;
/** From the payment to the grant it takes about this long. */
const LONGEST_LIFE_MS = 400;
/** An order is looked at when it is a minute old, by a job that runs every minute. */
const RECOVERY_MS = 150_000;
const INVOICE_DELAY_MS = 100;

let shop: Shop;

beforeAll(async () => {
  shop = await Shop.open();
}, 240_000);
afterAll(async () => {
  await shop.close();
});

const share = fc.constantFrom(0, 0.3, 1);
const faults = fc.record({
  webhooks: fc.record({
    delayMs: fc.constantFrom(0, 100),
    reorderMs: fc.constantFrom(0, 150),
    drop: share,
    duplicates: fc.nat(2),
    repeats: fc.nat(2),
    badSignature: fc.boolean(),
    staleTime: fc.boolean(),
  }),
  api: fc.record({
    delayMs: fc.constantFrom(0, 50),
    status: fc.constantFrom(null, null, null, 401, 423),
    dropReply: fc.constantFrom(0, 0, 0.2),
    invoiceDelayMs: fc.constantFrom(0, INVOICE_DELAY_MS),
  }),
});

const event = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("buy"), planId: pack() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("leave"),
      planId: pack(),
      action: fc.constantFrom("decline" as const, "cancel" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("refund"), dollars: fc.integer({ min: 1, max: 9 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("faults"), faults }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("return") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("sweep") }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("replay"), times: fc.integer({ min: 1, max: 5 }) }),
  },
);

function pack() {
  return fc.constantFrom(...PACK_IDS);
}

/** What a fault may lead to: a sentence, and nothing charged. */
const REFUSALS = new Set(["BILLING_UNAVAILABLE", "PAYMENT_PROCESSING", "TOO_MANY_REQUESTS"]);

interface Event {
  readonly kind: string;
  readonly planId?: (typeof PACK_IDS)[number];
  readonly action?: "decline" | "cancel";
  readonly dollars?: number;
  readonly faults?: object;
  readonly times?: number;
}

/** What fails under a fault is what the person sees; it must cost nothing and grant nothing. */
async function happen(person: Shopper, { kind, planId, action, dollars, faults, times }: Event) {
  const { sandbox } = shop;
  if (kind === "faults") await sandbox.faults(faults ?? {});
  if (kind === "return") await person.settle();
  if (kind === "sweep") await shop.sweep();
  if (kind === "replay") await sandbox.post("messages/replay", { customerId: person.id, times });
  if (kind === "refund" && (await sandbox.invoices(person.id)).length > 0) {
    await sandbox.post(`customers/${person.id}/refund`, { amount: dollars });
  }
  if (planId === undefined) return;
  const checkout = await person.checkout(planId).catch((error: { data?: { code?: string } }) => {
    if (REFUSALS.has(error.data?.code ?? "")) return null;
    throw error;
  });
  if (checkout !== null) await press(checkout.url, action ?? "pay");
}

test("whatever happens in whatever order, what was granted is what is paid and not refunded", async () => {
  const history = async (events: readonly Event[]) => {
    await shop.sandbox.faults({});
    const person = await shop.shopper();
    for (const event of events) await happen(person, event);
    await shop.sandbox.faults({});
    // The last invoice may not show yet; what asks before it does knows nothing of it.
    await sleep(INVOICE_DELAY_MS);
    const worth = creditsWorth(await shop.sandbox.invoices(person.id));
    await shop.sweep();
    await person.settle();
    await person.untilPurchased(worth);
    await shop.sandbox.post("messages/replay", { customerId: person.id, times: 3 });
    await person.settle();
    expect(await person.purchased()).toBe(worth);
  };
  await fc.assert(fc.asyncProperty(fc.array(event, { minLength: 2, maxLength: 9 }), history), {
    numRuns: HISTORIES,
    endOnFailure: true,
  });
}, 240_000);

test(`killed between ${KILLS * PAYING} payments and their grants, it grants each paid invoice once and no unpaid one`, async () => {
  const people: { person: Shopper; url: string; isPaid: boolean; isBack: boolean }[] = [];
  for (let number = 0; number < KILLS * PAYING; number++) {
    const person = await shop.shopper();
    const { url } = await person.checkout("topup_500");
    // Every other time the page is back, and asks while it all ends.
    people.push({ person, url, isPaid: number % 5 !== 4, isBack: number % 2 === 0 });
  }
  const leave = async ({ person, url, isPaid, isBack }: (typeof people)[number]) => {
    await sleep(Math.random() * LONGEST_LIFE_MS);
    if (isPaid) await press(url, "pay");
    if (isBack) person.settle().catch(() => undefined);
  };
  for (let kill = 0; kill < KILLS; kill++) {
    const leaving = people.slice(kill * PAYING, (kill + 1) * PAYING).map(leave);
    await sleep(LONGEST_LIFE_MS);
    await shop.deployment.kill();
    await Promise.all(leaving);
    await shop.deployment.start();
  }
  for (const { person, isPaid } of people) {
    const worth = creditsWorth(await shop.sandbox.invoices(person.id));
    expect(worth).toBe(isPaid ? 500 : 0);
    // By the message that is sent again or the reconcile that outlived the process; where both were
    // taken and ended with it, by the look at pending orders each minute.
    await person.untilPurchased(worth, RECOVERY_MS);
  }
  await shop.sandbox.post("messages/replay", { times: 2 });
  await shop.sweep();
  await sleep(1000);
  for (const { person, isPaid } of people) {
    expect(await person.purchased()).toBe(isPaid ? 500 : 0);
    expect(await person.receipts()).toHaveLength(isPaid ? 1 : 0);
  }
}, 400_000);
