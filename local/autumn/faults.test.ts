import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { Webhook } from "standardwebhooks";
import { describe, expect, test, vi } from "vitest";
import { SECRET } from "./fixture.ts";
import type { Message } from "./records.ts";
import {
  attach,
  autumn,
  buy,
  control,
  customerId,
  hook,
  refusal,
  sandbox,
  useSandbox,
} from "./running-sandbox.ts";

useSandbox();

describe("webhooks", () => {
  test("are sent again, with the same id, until they are accepted", async () => {
    hook.status = 500;
    await buy("pack");
    await vi.waitFor(() => expect(hook.received.length).toBeGreaterThanOrEqual(3));
    hook.status = 200;
    const all = async () => (await control("messages")) as Message[];
    await vi.waitFor(
      async () => {
        const own = (await all()).filter((message) => message.customerId === customerId);
        expect(own.map(({ state }) => state)).toEqual(["delivered", "delivered", "delivered"]);
      },
      { timeout: 5000, interval: 50 },
    );
    expect(new Set(hook.received.map(({ id }) => id)).size).toBe(3);
    expect(hook.received.length).toBeGreaterThan(3);
  });

  test("are doubled, repeated, dropped and spoilt as asked", async () => {
    await control("faults", { webhooks: { duplicates: 1, repeats: 1 } });
    await buy("pack");
    await vi.waitFor(() => expect(hook.received).toHaveLength(12));
    expect(new Set(hook.received.map(({ id }) => id)).size).toBe(6);

    hook.received = [];
    await control("faults", { webhooks: { badSignature: true, staleTime: true } });
    await buy("pack");
    await vi.waitFor(() => expect(hook.received).toHaveLength(3));
    const { headers, body } = hook.received[0]!;
    const stale = Date.now() / 1000 - Number(headers["svix-timestamp"]);
    expect(stale).toBeGreaterThan(300);
    const at = new Date(Number(headers["svix-timestamp"]) * 1000);
    expect(headers["svix-signature"]).not.toBe(
      new Webhook(SECRET).sign(headers["svix-id"] ?? "", at, body),
    );

    hook.received = [];
    await control("faults", { webhooks: { drop: 1 } });
    await buy("pack");
    const messages = (await control("messages")) as Message[];
    expect(messages.slice(-3).map(({ state }) => state)).toEqual(["dropped", "dropped", "dropped"]);
    expect(hook.received).toEqual([]);
  });

  test("are sent again all at once by a replay", async () => {
    await buy("pack");
    await vi.waitFor(() => expect(hook.received).toHaveLength(3));
    await control("messages/replay", { times: 5, customerId });
    expect(hook.received).toHaveLength(18);
    expect(new Set(hook.received.map(({ id }) => id)).size).toBe(3);
  });
});

describe("faults of the API", () => {
  test("fail it, hold it up, or lose the answer of what was done", async () => {
    await control("faults", { api: { status: 503 } });
    expect(await refusal(autumn.plans.list())).toEqual([503, "fault"]);
    await control("faults", { api: { hang: true } });
    await expect(autumn.plans.list({}, { timeoutMs: 100 })).rejects.toThrow();
    await control("faults", { api: { dropReply: 1 } });
    await expect(attach("pack", `lost-${customerId}`)).rejects.toThrow();
    await control("faults", {});
    expect(await refusal(attach("pack", `lost-${customerId}`))).toEqual([
      409,
      "duplicate_idempotency_key",
    ]);
  });

  test.each([{ api: { speed: 1 } }, { api: { hang: 1 } }, { weather: {} }])(
    "that do not exist are refused: %j",
    async (faults) => {
      const response = await fetch(`${sandbox.url}/control/faults`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(faults),
      });
      expect(response.status).toBe(400);
    },
  );
});

test("a form on another page and another name for this machine reach no control", async () => {
  const form = await fetch(`${sandbox.url}/control/faults`, {
    method: "POST",
    body: new URLSearchParams({ api: "" }),
  });
  expect(form.status).toBe(400);
  const renamed = get(`${sandbox.url}/control/state`, { headers: { host: "shop.example" } });
  const [response] = (await once(renamed, "response")) as [IncomingMessage];
  expect(response.resume().statusCode).toBe(421);
});
