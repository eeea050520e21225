import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Autumn } from "autumn-js";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { CATALOGUE, KEY, SECRET } from "./fixture.ts";
import { type Sandbox, startSandbox } from "./server.ts";

/** Where a checkout leads back to. */
export const SHOP = "http://shop.invalid/return";

interface Received {
  readonly id: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** What hears the sandbox's messages: the status that it answers with, and what has come. */
export const hook = { status: 200, received: [] as Received[] };

export let sandbox: Sandbox;
export let autumn: Autumn;
/** A customer of each test's own. */
export let customerId: string;

let folder: string;
let listener: Server;
let people = 0;

/** A sandbox for the tests of the file, without faults before each of them. */
export function useSandbox(): void {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "parley-autumn-"));
    listener = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (piece: string) => (body += piece));
      request.on("end", () => {
        const headers = request.headers as Record<string, string>;
        hook.received.push({ id: headers["svix-id"] ?? "", headers, body });
        response.writeHead(hook.status).end();
      });
    }).listen(0, "127.0.0.1");
    await once(listener, "listening");
    await start();
  });
  afterAll(async () => {
    await sandbox.close();
    listener.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    people += 1;
    customerId = `person_${people}`;
    hook.received = [];
    hook.status = 200;
    await control("faults", {});
  });
}

async function start(): Promise<void> {
  sandbox = await startSandbox({
    port: 0,
    file: join(folder, "sandbox.sqlite3"),
    catalogue: CATALOGUE,
    secretKey: KEY,
    destination: {
      url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}/hook`,
      secret: SECRET,
    },
  });
  autumn = clientOf(sandbox);
}

/** Closes the sandbox and starts it again on what it kept, at another address. */
export async function restart(): Promise<void> {
  await sandbox.close();
  hook.received = [];
  hook.status = 200;
  await start();
}

export function clientOf({ url }: Sandbox, secretKey = KEY) {
  return new Autumn({ secretKey, serverURL: url, failOpen: false });
}

export async function control(path: string, body?: object) {
  const response = await fetch(`${sandbox.url}/control/${path}`, {
    ...(body && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as object;
}

export async function attach(planId: string, order: string = crypto.randomUUID()) {
  const { paymentUrl } = await autumn.billing.attach(
    {
      customerId,
      planId,
      redirectMode: "always",
      successUrl: `${SHOP}?order=${order}`,
      checkoutSessionParams: { cancel_url: `${SHOP}?order=${order}&left=1` },
    },
    { headers: { "Idempotency-Key": order } },
  );
  return paymentUrl!;
}

export function press(url: string, action: string, promotion = "") {
  const body = new URLSearchParams({ action, promotion });
  return fetch(url, { method: "POST", body, redirect: "manual" });
}

export async function buy(planId: string) {
  const response = await press(await attach(planId), "pay");
  expect(response.status).toBe(303);
}

export const invoices = async () => (await autumn.invoices.list({ customerId })).list;
export const events = () =>
  hook.received.map(({ body }) => JSON.parse(body) as { type: string; data: object });

/** The thrown error's status and code. */
export async function refusal(call: Promise<unknown>) {
  const error = (await call.then(
    () => expect.unreachable(),
    (reason: unknown) => reason,
  )) as { statusCode: number; body: string };
  return [error.statusCode, (JSON.parse(error.body) as { code: string }).code];
}
