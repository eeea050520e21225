import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../_generated/api";
import { type Deployment, freshDeployment, type Person, signUp } from "../test.setup";
import { eventOf } from "./webhook";

const SECRET = `whsec_${btoa("a secret of these tests")}`;

let deployment: Deployment;
let ada: Person;

beforeEach(async () => {
  // Planned reconciles do not run by themselves here.
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "setImmediate"] });
  vi.stubEnv("AUTUMN_WEBHOOK_SECRET", SECRET);
  deployment = freshDeployment();
  ada = await signUp(deployment);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

function bell(customerId: string, type = "billing.updated") {
  return JSON.stringify({ type, data: { customer_id: customerId } });
}

async function post(body: string, { id = "msg_1", secret = SECRET, at = new Date() } = {}) {
  const { status } = await deployment.fetch("/webhooks/autumn", {
    method: "POST",
    body,
    headers: {
      "svix-id": id,
      "svix-timestamp": String(Math.floor(at.getTime() / 1000)),
      "svix-signature": new Webhook(secret).sign(id, at, body),
    },
  });
  return status;
}

const planned = async () =>
  (await deployment.run((ctx) => ctx.db.query("plannedReconciles").unique()))?.times ?? [];
const events = () => deployment.run((ctx) => ctx.db.query("webhookEvents").collect());

describe("a message", () => {
  test("about one of ours plans a reconcile now and two later ones", async () => {
    const now = Date.now();
    expect(await post(bell(ada.userId))).toBe(200);
    expect(await planned()).toEqual([now, now + 10_000, now + 60_000]);
    expect(await events()).toMatchObject([{ svixId: "msg_1", customerId: ada.userId }]);
  });

  test("a hundred times over plans no more than once", async () => {
    for (let copy = 0; copy < 100; copy++) {
      expect(await post(bell(ada.userId), { id: `msg_${copy % 10}` })).toBe(200);
    }
    expect(await planned()).toHaveLength(3);
    expect(await events()).toHaveLength(10);
  });

  test("that comes again after its reconcile has begun plans another", async () => {
    await post(bell(ada.userId));
    const [plannedAt = 0] = await planned();
    await deployment.mutation(internal.billing.writes.begins, { userId: ada.userId, plannedAt });
    expect(await planned()).toHaveLength(2);
    await post(bell(ada.userId));
    expect(await planned()).toHaveLength(3);
  });

  test("is answered now, though another run is planned in a moment", async () => {
    const start = Date.now();
    await post(bell(ada.userId));
    await deployment.mutation(internal.billing.writes.begins, {
      userId: ada.userId,
      plannedAt: start,
    });
    vi.setSystemTime(start + 6000);
    await post(bell(ada.userId));
    expect(await planned()).toContain(start + 6000);
  });

  test("that is forged, stale, or from the future is refused and plans nothing", async () => {
    const body = bell(ada.userId);
    const another = `whsec_${btoa("another secret altogether")}`;
    expect(await post(body, { secret: another })).toBe(400);
    expect(await post(body, { at: new Date(Date.now() - 301_000) })).toBe(400);
    expect(await post(body, { at: new Date(Date.now() + 301_000) })).toBe(400);
    const unsigned = await deployment.fetch("/webhooks/autumn", { method: "POST", body });
    expect(unsigned.status).toBe(400);
    expect(await planned()).toEqual([]);
  });

  test.each([
    bell("nobody"),
    bell("x".repeat(5000)),
    bell("any", "invoice.voided"),
    "{}",
    "[]",
    "null",
  ])("that does not concern us is accepted and forgotten: %j", async (body) => {
    expect(await post(body)).toBe(200);
    expect(await planned()).toEqual([]);
    expect(await events()).toEqual([]);
  });

  test("about somebody who is gone plans nothing", async () => {
    await deployment.run((ctx) => ctx.db.delete("users", ada.userId));
    expect(await post(bell(ada.userId))).toBe(200);
    expect(await planned()).toEqual([]);
    expect(await events()).toEqual([]);
  });

  test("of another kind plans nothing", async () => {
    expect(await post(bell(ada.userId, "invoice.voided"))).toBe(200);
    expect(await planned()).toEqual([]);
  });

  test("about one person plans nothing for another", async () => {
    await post(bell(ada.userId));
    const bob = await signUp(deployment, "bob@example.com");
    await post(bell(bob.userId), { id: "msg_2" });
    const rows = await deployment.run((ctx) => ctx.db.query("plannedReconciles").collect());
    expect(rows.map(({ userId }) => userId)).toEqual([ada.userId, bob.userId]);
  });

  test("that is far too long is refused", async () => {
    expect(await post(" ".repeat(1_000_001))).toBe(413);
  });

  test("is asked for again while the secret is not set", async () => {
    vi.stubEnv("AUTUMN_WEBHOOK_SECRET", "");
    expect(await post(bell(ada.userId))).toBe(500);
  });
});

test("the customer is found in each kind of message", () => {
  expect(eventOf(bell("a", "invoice.finalized"))?.customerId).toBe("a");
  const older = { type: "customer.products.updated", data: { customer: { id: "b" } } };
  expect(eventOf(JSON.stringify(older))?.customerId).toBe("b");
});

test("what was heard a month ago is forgotten", async () => {
  await post(bell(ada.userId));
  await deployment.mutation(internal.billing.rounds.forgetEvents, {});
  expect(await events()).toHaveLength(1);
  vi.setSystemTime(Date.now() + 31 * 86_400_000);
  await deployment.mutation(internal.billing.rounds.forgetEvents, {});
  expect(await events()).toEqual([]);
});
