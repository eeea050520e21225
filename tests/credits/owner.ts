import type { DeploymentProcess } from "../faults/deployment-process.ts";

/** What a person holds and every row and answer that belongs to it, past all functions. */
export interface Books {
  readonly held: {
    readonly creditsRemaining: number;
    readonly monthlyRemaining: number;
    readonly purchasedRemaining: number;
  } | null;
  readonly rows: readonly LedgerRow[];
  readonly messages: readonly StoredMessage[];
}

export interface LedgerRow {
  readonly key: string;
  readonly kind: string;
  readonly amount: number;
  readonly monthly: number;
  readonly purchased: number;
  readonly balanceAfter: number;
}

export interface StoredMessage {
  readonly _id: string;
  readonly role: "user" | "assistant";
  readonly status: string;
  readonly content: string;
  readonly creditsUsed: number;
  readonly clientKey: string;
}

/** A module of internal functions that do what only the deployment's owner can have done. */
export const OWNER_MODULE = `
import { v } from "convex/values";
import { internalMutation, internalQuery } from "./_generated/server";
import { purchase, setUnlimited, takeBack } from "./credits/ledger";

const of = (ctx, table, userId, index = "by_userId") =>
  ctx.db.query(table).withIndex(index, (q) => q.eq("userId", userId)).collect();

export const books = internalQuery({
  args: { userId: v.id("users") },
  handler: async (ctx, { userId }) => ({
    held: (await of(ctx, "userUsage", userId))[0] ?? null,
    rows: await of(ctx, "creditLedger", userId, "by_userId_and_at"),
    messages: await of(ctx, "chatMessages", userId),
  }),
});

export const buy = internalMutation({
  args: { userId: v.id("users"), invoice: v.string(), credits: v.number() },
  handler: (ctx, { userId, invoice, credits }) =>
    purchase(ctx, userId, "invoice:" + invoice + ":pack", credits),
});

export const refundInvoice = internalMutation({
  args: { userId: v.id("users"), invoice: v.string(), credits: v.number() },
  handler: (ctx, { userId, invoice, credits }) =>
    takeBack(ctx, userId, "invoice:" + invoice + ":pack", credits),
});

export const pro = internalMutation({
  args: { userId: v.id("users"), on: v.boolean() },
  handler: (ctx, { userId, on }) => setUnlimited(ctx, userId, on),
});

export const plantDrift = internalMutation({
  args: { userId: v.id("users"), credits: v.number() },
  handler: async (ctx, { userId, credits }) => {
    const [usage] = await of(ctx, "userUsage", userId);
    await ctx.db.patch(usage._id, { creditsRemaining: usage.creditsRemaining + credits });
  },
});

/** As if the month had begun since: the last reset was in an earlier one. */
export const endMonth = internalMutation({
  args: { userId: v.id("users") },
  handler: async (ctx, { userId }) => {
    const [usage] = await of(ctx, "userUsage", userId);
    await ctx.db.patch(usage._id, { lastCreditReset: Date.UTC(2020, 0, 31) });
    for (const { _id, kind, key } of await of(ctx, "creditLedger", userId, "by_userId_and_at")) {
      if (kind !== "grant" && kind !== "reset") continue;
      if (!key.includes("earlier")) await ctx.db.patch(_id, { key: key + ":earlier:" + _id });
    }
  },
});
`;

type Kind = "query" | "mutation" | "action";

/** The answer of a function that was called over HTTP. */
export type Called =
  | { readonly status: "success"; readonly value: unknown }
  | { readonly status: "error"; readonly errorMessage: string; readonly errorData?: unknown };

/** Calls any function over HTTP, as `authorization` says. */
export async function call(
  url: string,
  authorization: string,
  kind: Kind,
  path: string,
  args: Readonly<Record<string, unknown>>,
): Promise<Called> {
  const response = await fetch(`${url}/api/${kind}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization },
    body: JSON.stringify({ path, args, format: "json" }),
  });
  return (await response.json()) as Called;
}

/** The deployment's owner, who may call internal functions. */
export class Owner {
  readonly #deployment: DeploymentProcess;

  constructor(deployment: DeploymentProcess) {
    this.#deployment = deployment;
  }

  async call(kind: Kind, path: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
    const { url, adminKey } = this.#deployment;
    const called = await call(url, `Convex ${adminKey}`, kind, path, args);
    if (called.status === "error") throw new Error(`${path}: ${called.errorMessage}`);
    return called.value;
  }

  async books(userId: string): Promise<Books> {
    return (await this.call("query", "owner:books", { userId })) as Books;
  }
}
