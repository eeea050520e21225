"use node";
// oxlint-disable @convex-dev/import-wrong-runtime -- under oxlint the rule does not see that this file says "use node" itself.
import type { Autumn, AutumnError } from "autumn-js";
import type { Infer } from "convex/values";
import { SECOND_MS } from "../lib/time";
import { PRO, type PlanId } from "./plans";
import { autumnSettings } from "./settings";
import type { paidInvoice, proAnswer } from "./snapshot";

// Every call of Autumn's API that Parley makes. The package's schemas take about 260 MB, more than
// Convex's own runtime has: so what calls it runs in Node's, and loads it at the first call.

type PaidInvoice = Infer<typeof paidInvoice>;

/** Autumn answered, and refused: with this status and this code of its own. */
export class AutumnRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string) {
    super(`Autumn refused with ${status} ${code}`);
    this.status = status;
    this.code = code;
  }
}

/** Autumn did not answer, or could not: whether it did what was asked is not known. */
export class AutumnUnreachable extends Error {}

const ANSWER_WITHIN_MS = 10 * SECOND_MS;
const INVOICES_A_PAGE = 100;

const READ_AGAIN = {
  retries: {
    strategy: "backoff",
    backoff: { initialInterval: 200, maxInterval: 2000, exponent: 2, maxElapsedTime: 5000 },
    retryConnectionErrors: true,
  },
} as const;
const NO_RETRIES = { retries: { strategy: "none" } } as const;

/** @throws AutumnRefusal, AutumnUnreachable, BILLING_UNAVAILABLE; as every function here */
export async function readInvoices(customerId: string): Promise<PaidInvoice[]> {
  const invoices: PaidInvoice[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const page: InvoicePage = await readInvoicePage({ customerId, cursor });
    // Each is granted to this person, so one of somebody else is none of it, whatever was asked for.
    const own = page.invoices.filter((each) => each.customerId === customerId);
    invoices.push(...own.map(({ invoice }) => invoice));
    cursor = page.nextCursor;
  }
  return invoices;
}

export interface InvoicePage {
  readonly invoices: readonly { readonly customerId: string; readonly invoice: PaidInvoice }[];
  readonly nextCursor: string | null;
}

/** Paid invoices, newest first: of one customer, or of everybody. */
export async function readInvoicePage({
  customerId,
  cursor,
}: {
  readonly customerId?: string;
  readonly cursor: string;
}): Promise<InvoicePage> {
  const { list, nextCursor } = await bounded((autumn) =>
    autumn.invoices.list(
      { customerId, status: ["paid"], limit: INVOICES_A_PAGE, startCursor: cursor },
      READ_AGAIN,
    ),
  );
  const invoices = list.flatMap((invoice) => {
    // The SDK fills in what an answer leaves out: an empty id is one that was missing, and so is no sum.
    if (!invoice.stripeId || !invoice.customerId || invoice.status !== "paid") return [];
    const paid = {
      stripeId: invoice.stripeId,
      planIds: invoice.planIds,
      total: invoice.total,
      paid: invoice.amountPaid || invoice.total,
      refunded: invoice.refundedAmount,
      currency: invoice.currency,
      createdAt: invoice.createdAt,
      url: invoice.hostedInvoiceUrl ?? null,
    };
    return [{ customerId: invoice.customerId, invoice: paid }];
  });
  return { invoices, nextCursor: nextCursor || null };
}

/** The customer's running Pro; `null` without one, or for a customer that Autumn does not know. */
export async function readPro(customerId: string): Promise<Infer<typeof proAnswer>> {
  const customer = await bounded((autumn) =>
    autumn.customers.get({ customerId }, READ_AGAIN),
  ).catch((error: unknown) => {
    if (error instanceof AutumnRefusal && error.status === 404) return null;
    throw error;
  });
  const running = customer?.subscriptions.find(
    ({ planId, status }) => planId === PRO.planId && status === "active",
  );
  if (running === undefined) return null;
  const { currentPeriodEnd, expiresAt, pastDue } = running;
  return { periodEnd: currentPeriodEnd || null, endsAt: expiresAt || null, isPastDue: pastDue };
}

/** Makes the person known to Autumn, so that receipts have an address to go to. */
export async function ensureCustomer(customerId: string, email: string | null): Promise<void> {
  await bounded((autumn) =>
    autumn.customers.getOrCreate(
      { customerId, ...(email === null ? {} : { email }) },
      // Asking twice makes one customer, so a lost answer may be asked for again.
      READ_AGAIN,
    ),
  );
}

/**
 * Opens a hosted checkout.
 * @param order its id lets Autumn act on it once: the same again is refused with 409
 * @returns the address to go to; `null` when a saved card was charged at once
 */
export async function openCheckout(order: {
  readonly id: string;
  readonly customerId: string;
  readonly planId: PlanId;
  readonly successUrl: string;
  readonly cancelUrl: string;
}): Promise<string | null> {
  const { customerId, planId, successUrl, cancelUrl } = order;
  const { paymentUrl } = await bounded((autumn) =>
    autumn.billing.attach(
      {
        customerId,
        planId,
        // A saved card is never charged without a page that asks.
        redirectMode: "always",
        successUrl,
        checkoutSessionParams: { cancel_url: cancelUrl },
      },
      { ...NO_RETRIES, headers: { "Idempotency-Key": order.id } },
    ),
  );
  return paymentUrl || null;
}

/** Opens a visit to the billing portal; it leads back to `returnUrl`. */
export async function openPortal(customerId: string, returnUrl: string): Promise<string> {
  const { url } = await bounded((autumn) =>
    autumn.billing.openCustomerPortal({ customerId, returnUrl }, NO_RETRIES),
  );
  return url;
}

/** A timer of our own, because the SDK's does not work in every runtime that runs this. */
async function bounded<T>(call: (autumn: Autumn) => Promise<T>): Promise<T> {
  const { Autumn, AutumnError } = await import("autumn-js");
  const autumn = new Autumn({ ...autumnSettings(), failOpen: false });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AutumnUnreachable("no answer in time")), ANSWER_WITHIN_MS);
  });
  try {
    return await Promise.race([call(autumn), late]);
  } catch (error) {
    throw error instanceof AutumnError ? refusalOf(error) : unreachable(error);
  } finally {
    clearTimeout(timer);
  }
}

function refusalOf(error: AutumnError): Error {
  const { statusCode, body } = error;
  const isRefusal = statusCode >= 400 && statusCode < 500 && statusCode !== 429;
  return isRefusal ? new AutumnRefusal(statusCode, codeOf(body)) : unreachable(error);
}

function unreachable(error: unknown): AutumnUnreachable {
  if (error instanceof AutumnUnreachable) return error;
  return new AutumnUnreachable(error instanceof Error ? error.message : String(error));
}

function codeOf(body: string): string {
  try {
    const { code } = JSON.parse(body) as { code?: unknown };
    return typeof code === "string" ? code : "";
  } catch {
    return "";
  }
}
