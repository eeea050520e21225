import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConvexHttpClient } from "convex/browser";
import { isPack, PACKS, type PlanId } from "../../convex/billing/plans.ts";
import { neededPush, pushFunctions } from "../../local/start/functions.ts";
import { autumnKeys, signingKeys } from "../../local/start/keys.ts";
import { DeploymentProcess } from "../faults/deployment-process.ts";
import { freePorts } from "../product/ports.ts";
import {
  billingState,
  checkPro,
  history,
  makeAccount,
  openSession,
  orderById,
  settleCheckout,
  startCheckout,
  sweepInvoices,
  usage,
} from "./functions.ts";
import { press, type SandboxInvoice, SandboxProcess } from "./sandbox-process.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const POLL_MS = 100;
let shoppers = 0;

/** The functions on an embedded deployment, and the sandbox beside it: all that selling needs. */
export class Shop {
  readonly deployment: DeploymentProcess;
  readonly sandbox: SandboxProcess;
  readonly webhookSecret: string;
  readonly #folder: string;

  private constructor(
    folder: string,
    deployment: DeploymentProcess,
    sandbox: SandboxProcess,
    webhookSecret: string,
  ) {
    this.#folder = folder;
    this.deployment = deployment;
    this.sandbox = sandbox;
    this.webhookSecret = webhookSecret;
  }

  static async open(): Promise<Shop> {
    const folder = mkdtempSync(join(tmpdir(), "parley-shop-"));
    const deployment = await DeploymentProcess.start(join(folder, "deployment"));
    const keys = autumnKeys(folder);
    const [port = 0] = await freePorts(1);
    const sandbox = await SandboxProcess.start({
      port,
      file: join(folder, "sandbox.sqlite3"),
      webhookUrl: `${deployment.siteUrl}/webhooks/autumn`,
      secretKey: keys.AUTUMN_SECRET_KEY,
      webhookSecret: keys.AUTUMN_WEBHOOK_SECRET,
    });
    const variables = {
      SITE_URL: "http://127.0.0.1:5173",
      ...(await signingKeys(folder)),
      ...keys,
      AUTUMN_API_URL: sandbox.url,
    };
    const push = neededPush(ROOT, folder, variables, deployment.siteUrl);
    if (push) await pushFunctions(push, deployment);
    return new Shop(folder, deployment, sandbox, keys.AUTUMN_WEBHOOK_SECRET);
  }

  async close(): Promise<void> {
    await Promise.all([this.deployment.stop(), this.sandbox.stop()]);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Somebody new. An admin acts as them, so no password has to be hashed. */
  async shopper(): Promise<Shopper> {
    shoppers += 1;
    const email = `shopper-${process.pid}-${shoppers}@example.com`;
    const type = "createAccountFromCredentials";
    const args = { type, provider: "password", account: { id: email }, profile: { email } };
    const { user } = await this.#admin().mutation(makeAccount, { args });
    const signIn = { type: "signIn", userId: user._id, generateTokens: false };
    const { sessionId } = await this.#admin().mutation(openSession, { args: signIn });
    const identity = { subject: `${user._id}|${sessionId}`, issuer: this.deployment.siteUrl };
    return new Shopper(this, this.#admin(identity), user._id);
  }

  /** What the hourly cron runs. */
  async sweep(): Promise<void> {
    await this.#admin().action(sweepInvoices, { days: 7 });
  }

  /** What the daily cron runs. */
  async checkPro(): Promise<void> {
    await this.#admin().mutation(checkPro, { cursor: null });
  }

  #admin(actingAs?: { subject: string; issuer: string }): ConvexHttpClient {
    const client = new ConvexHttpClient(this.deployment.url, { logger: false });
    // Told apart from the published types, which leave it out.
    const { adminKey } = this.deployment;
    (client as unknown as AdminClient).setAdminAuth(adminKey, actingAs);
    return client;
  }
}

interface AdminClient {
  setAdminAuth(adminKey: string, actingAs?: { subject: string; issuer: string }): void;
}

/** A person who buys. */
export class Shopper {
  readonly shop: Shop;
  readonly client: ConvexHttpClient;
  readonly id: string;

  constructor(shop: Shop, client: ConvexHttpClient, id: string) {
    this.shop = shop;
    this.client = client;
    this.id = id;
  }

  /** Opens a checkout, as the button does. */
  async checkout(planId: PlanId): Promise<{ url: string; orderId: string }> {
    const { url, orderId } = await this.client.action(startCheckout, { planId });
    if (url === null) throw new Error("no checkout was opened");
    return { url, orderId };
  }

  async buy(planId: PlanId): Promise<string> {
    const { url, orderId } = await this.checkout(planId);
    if (!(await press(url, "pay"))) throw new Error("the checkout was closed");
    return orderId;
  }

  /** What the page does on return from a checkout. */
  async settle(): Promise<boolean> {
    return await this.client.action(settleCheckout, {});
  }

  async order(orderId: string) {
    return await this.client.query(orderById, { orderId });
  }

  async pro() {
    return (await this.client.query(billingState, {})).pro;
  }

  async purchased(): Promise<number> {
    return (await this.client.query(usage, {})).purchased;
  }

  async isUnlimited(): Promise<boolean> {
    return (await this.client.query(usage, {})).unlimited;
  }

  /** The rows of the ledger that purchases and refunds wrote, newest first. */
  async receipts() {
    const paginationOpts = { numItems: 200, cursor: null };
    const { page } = await this.client.query(history, {
      kind: null,
      paginationOpts,
    });
    return page.filter(({ subject }) => subject.what === "invoice");
  }

  /** Waits for the credits, and then that nothing more comes. */
  async untilPurchased(credits: number, timeoutMs = 15_000): Promise<void> {
    await until(
      async () => (await this.purchased()) === credits,
      timeoutMs,
      async () => {
        return `${await this.purchased()} credits purchased, not ${credits}`;
      },
    );
  }
}

/** The credits that somebody's invoices are worth: what is paid, less what was given back. */
export function creditsWorth(invoices: readonly SandboxInvoice[]): number {
  return invoices
    .filter(({ status }) => status === "paid")
    .flatMap(({ planIds, amountPaid, refundedAmount }) =>
      planIds.filter(isPack).map((planId) => {
        const { credits } = PACKS[planId];
        if (refundedAmount === 0) return credits;
        const share = refundedAmount / amountPaid;
        return credits - (share >= 1 ? credits : Math.floor(credits * share));
      }),
    )
    .reduce((sum, credits) => sum + credits, 0);
}

/** @throws Error with what `problem` tells, when it does not come true in time. */
export async function until(
  condition: () => Promise<boolean>,
  timeoutMs: number,
  problem: () => Promise<string>,
): Promise<void> {
  const giveUpAt = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error(await problem());
    await sleep(POLL_MS);
  }
}
