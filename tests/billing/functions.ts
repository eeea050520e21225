import { type FunctionReference, makeFunctionReference } from "convex/server";

// The functions that selling has, by their names on the wire: those that any client may call, and
// two that only an admin may.

interface Pro {
  readonly periodEnd: number | null;
  readonly endsAt: number | null;
  readonly isPastDue: boolean;
}

interface LedgerRow {
  readonly kind: string;
  readonly amount: number;
  readonly subject: { readonly what: string; readonly invoiceUrl?: string | null };
}

export const startCheckout: FunctionReference<
  "action",
  "public",
  { planId: string },
  { url: string | null; orderId: string }
> = makeFunctionReference("billing/checkout:start");

export const settleCheckout: FunctionReference<
  "action",
  "public",
  Record<string, never>,
  boolean
> = makeFunctionReference("billing/checkout:settle");

export const billingState: FunctionReference<
  "query",
  "public",
  Record<string, never>,
  { maySell: boolean; pro: Pro | null }
> = makeFunctionReference("billing/state:current");

export const orderById: FunctionReference<
  "query",
  "public",
  { orderId: string },
  { planId: string; status: string; credits: number } | null
> = makeFunctionReference("billing/orders:byId");

export const usage: FunctionReference<
  "query",
  "public",
  Record<string, never>,
  { creditsRemaining: number; purchased: number; unlimited: boolean }
> = makeFunctionReference("credits/usage:current");

export const history: FunctionReference<
  "query",
  "public",
  { kind: null; paginationOpts: { numItems: number; cursor: null } },
  { page: LedgerRow[] }
> = makeFunctionReference("credits/history:list");

/** Convex Auth's own: makes an account, here without a password to be hashed. */
export const makeAccount: FunctionReference<
  "mutation",
  "public",
  { args: object },
  { user: { _id: string } }
> = makeFunctionReference("auth:store");

/** The same function, which opens a session too. */
export const openSession: FunctionReference<
  "mutation",
  "public",
  { args: object },
  { sessionId: string }
> = makeFunctionReference("auth:store");

export const sweepInvoices: FunctionReference<"action", "public", { days: number }, null> =
  makeFunctionReference("billing/sweep:sweepInvoices");

export const checkPro: FunctionReference<"mutation", "public", { cursor: null }, null> =
  makeFunctionReference("billing/rounds:checkPro");
