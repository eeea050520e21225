import { randomBytes } from "node:crypto";
import { ApiError } from "./api-error.ts";
import { type Catalogue, isOneOff, type Plan } from "./catalogue.ts";
import { invoiceEvent, purchaseEvents, subscriptionEvents } from "./events.ts";
import { type Faults, NO_FAULTS } from "./faults.ts";
import type { Checkout, Customer, Invoice, Subscription } from "./records.ts";
import type { Store } from "./store.ts";
import type { Event, WebhookSender } from "./webhooks.ts";

const CHECKOUT_LIFETIME_MS = 60 * 60_000;
const CURRENCY = "usd";

export interface AttachRequest {
  readonly customerId: string;
  readonly planId: string;
  readonly redirectMode: "always" | "if_required" | "never";
  readonly successUrl: string | null;
  readonly cancelUrl: string | null;
}

/** Either a checkout to go to, or an invoice that was paid at once from the saved card. */
export type Attached =
  | { readonly kind: "checkout"; readonly checkout: Checkout }
  | { readonly kind: "charged"; readonly invoice: Invoice };

export type Promotion = "none" | "free";

/**
 * What happens to money and plans. Each change is one transaction with the webhook messages that
 * tell of it, which are sent once it is on disk.
 */
export class Billing {
  faults: Faults["api"] = NO_FAULTS.api;
  readonly store: Store;
  readonly catalogue: Catalogue;
  readonly #sender: WebhookSender;

  constructor(store: Store, catalogue: Catalogue, sender: WebhookSender) {
    this.store = store;
    this.catalogue = catalogue;
    this.#sender = sender;
  }

  /** @throws ApiError 404 `product_not_found` */
  planOf(planId: string): Plan {
    const plan = this.catalogue.get(planId);
    if (plan) return plan;
    throw new ApiError(404, "product_not_found", `Plan ${planId} not found`);
  }

  /** @throws ApiError 404 `customer_not_found` */
  customerOf(customerId: string): Customer {
    const customer = this.store.get("customer", customerId);
    if (customer) return customer;
    throw new ApiError(404, "customer_not_found", `Customer ${customerId} not found`);
  }

  customerOrNew(customerId: string, given: Partial<Customer> = {}): Customer {
    const known = this.store.get("customer", customerId);
    if (known) return known;
    const customer: Customer = {
      name: null,
      email: null,
      fingerprint: null,
      metadata: {},
      createdAt: Date.now(),
      hasCard: false,
      ...given,
      id: customerId,
    };
    this.store.put("customer", customer);
    return customer;
  }

  /** The subscriptions that run: neither ended nor past the end that a cancellation gave them. */
  subscriptionsOf(customerId: string): Subscription[] {
    const now = Date.now();
    return this.store
      .list("subscription")
      .filter((it) => it.customerId === customerId && it.status === "active")
      .filter(({ expiresAt }) => expiresAt === null || now < expiresAt);
  }

  /** Newest first. */
  invoices(): Invoice[] {
    return this.store.list("invoice").toReversed();
  }

  /**
   * Opens a checkout, or charges the saved card when that was asked for. A customer has one open
   * checkout: the same request gets it again, and another request ends it.
   * @throws ApiError 409 `plan_already_attached`, 423 `lock_already_exists`, 404
   */
  attach(request: AttachRequest): Attached {
    const plan = this.planOf(request.planId);
    const customer = this.customerOrNew(request.customerId);
    if (!isOneOff(plan) && this.subscriptionsOf(customer.id).some((it) => it.planId === plan.id)) {
      throw new ApiError(409, "plan_already_attached", `${plan.name} is already attached`);
    }
    if (request.redirectMode !== "always" && customer.hasCard) {
      return { kind: "charged", invoice: this.#pay(customer, plan, "none", null) };
    }
    const text = JSON.stringify(request);
    const pending = this.#pendingCheckout(customer.id);
    if (pending?.request === text) return { kind: "checkout", checkout: pending };
    if (pending) this.store.put("checkout", { ...pending, status: "expired" });
    const now = Date.now();
    const checkout: Checkout = {
      id: newId("co"),
      customerId: customer.id,
      planId: plan.id,
      request: text,
      successUrl: request.successUrl,
      cancelUrl: request.cancelUrl,
      status: "open",
      createdAt: now,
      expiresAt: now + CHECKOUT_LIFETIME_MS,
      settlesAt: 0,
    };
    this.store.put("checkout", checkout);
    return { kind: "checkout", checkout };
  }

  /** @returns the invoice, or `null` when the checkout is no longer open. */
  payCheckout(checkoutId: string, promotion: Promotion): Invoice | null {
    const checkout = this.openCheckout(checkoutId);
    if (checkout === null) return null;
    const customer = this.customerOf(checkout.customerId);
    return this.#pay(customer, this.planOf(checkout.planId), promotion, checkout);
  }

  /** @returns whether it was open until now. */
  endCheckout(checkoutId: string, status: "declined" | "cancelled"): boolean {
    const checkout = this.openCheckout(checkoutId);
    if (checkout === null) return false;
    this.store.put("checkout", { ...checkout, status });
    return true;
  }

  openCheckout(checkoutId: string): Checkout | null {
    const checkout = this.store.get("checkout", checkoutId);
    const isOpen = checkout?.status === "open" && Date.now() < checkout.expiresAt;
    return isOpen ? checkout : null;
  }

  /** Cancels now or at the end of the period, or withdraws a cancellation. */
  changeSubscription(
    subscription: Subscription,
    how: "cancel_immediately" | "cancel_end_of_cycle" | "uncancel",
  ): Subscription {
    if (how === "cancel_immediately") return this.#expire(subscription);
    const canceledAt = how === "uncancel" ? null : Date.now();
    const expiresAt = how === "uncancel" ? null : subscription.currentPeriodEnd;
    return this.#change(
      { ...subscription, canceledAt, expiresAt },
      {
        action: "updated",
        scenario: how === "uncancel" ? "renew" : "cancel",
        previous: { canceled_at: subscription.canceledAt, expires_at: subscription.expiresAt },
      },
    );
  }

  /** A payment for the running period failed, or was made good. */
  setPastDue(subscription: Subscription, pastDue: boolean): Subscription {
    return this.#change(
      { ...subscription, pastDue },
      { action: "updated", scenario: "past_due", previous: { past_due: subscription.pastDue } },
    );
  }

  /** What the end of a period brings: the end of a cancelled plan, else the next paid invoice. */
  advancePeriod(subscription: Subscription): Subscription {
    if (subscription.expiresAt !== null) return this.#expire(subscription);
    const plan = this.planOf(subscription.planId);
    const renewed: Subscription = {
      ...subscription,
      currentPeriodStart: subscription.currentPeriodEnd,
      currentPeriodEnd: monthAfter(subscription.currentPeriodEnd),
    };
    // The service sends no `billing.updated` for a renewal.
    this.#commit(() => {
      this.store.put("subscription", renewed);
      return [invoiceEvent(this.#invoice(subscription.customerId, plan, plan.price?.amount ?? 0))];
    });
    return renewed;
  }

  /** Gives money back. Nothing is sent: a refund shows only in the invoice. */
  refund(invoice: Invoice, amount: number): Invoice {
    const refundedAmount = Math.min(invoice.amountPaid, invoice.refundedAmount + amount);
    const refunded = { ...invoice, refundedAmount };
    this.store.put("invoice", refunded);
    return refunded;
  }

  #pendingCheckout(customerId: string): Checkout | undefined {
    const own = this.store.list("checkout").filter((it) => it.customerId === customerId);
    const now = Date.now();
    if (own.some(({ settlesAt }) => settlesAt > now)) {
      throw new ApiError(423, "lock_already_exists", "A payment is still being processed");
    }
    return own.find(({ status, expiresAt }) => status === "open" && now < expiresAt);
  }

  #pay(customer: Customer, plan: Plan, promotion: Promotion, checkout: Checkout | null): Invoice {
    const now = Date.now();
    const total = promotion === "free" ? 0 : (plan.price?.amount ?? 0);
    let invoice: Invoice | undefined;
    this.#commit(() => {
      if (checkout) {
        const settlesAt = now + this.faults.invoiceDelayMs;
        this.store.put("checkout", { ...checkout, status: "paid", settlesAt });
      }
      this.store.put("customer", { ...customer, hasCard: true });
      invoice = this.#invoice(customer.id, plan, total);
      const begun = isOneOff(plan) ? this.#purchase(customer, plan) : this.#begin(customer, plan);
      return [...begun, invoiceEvent(invoice)];
    });
    return invoice!;
  }

  #purchase(customer: Customer, plan: Plan): Event[] {
    const purchase = { id: newId("pur"), customerId: customer.id, planId: plan.id };
    this.store.put("purchase", { ...purchase, startedAt: Date.now() });
    return purchaseEvents(customer, plan);
  }

  #begin(customer: Customer, plan: Plan): Event[] {
    const now = Date.now();
    const subscription: Subscription = {
      id: newId("sub"),
      customerId: customer.id,
      planId: plan.id,
      status: "active",
      pastDue: false,
      canceledAt: null,
      expiresAt: null,
      startedAt: now,
      currentPeriodStart: now,
      currentPeriodEnd: monthAfter(now),
    };
    this.store.put("subscription", subscription);
    return subscriptionEvents(customer, plan, subscription, {
      action: "activated",
      scenario: "new",
      previous: null,
    });
  }

  #expire(subscription: Subscription): Subscription {
    return this.#change(
      { ...subscription, status: "expired", expiresAt: subscription.expiresAt ?? Date.now() },
      { action: "expired", scenario: "expired", previous: { status: subscription.status } },
    );
  }

  #change(changed: Subscription, told: Parameters<typeof subscriptionEvents>[3]): Subscription {
    this.#commit(() => {
      this.store.put("subscription", changed);
      const customer = this.customerOf(changed.customerId);
      return subscriptionEvents(customer, this.planOf(changed.planId), changed, told);
    });
    return changed;
  }

  #invoice(customerId: string, plan: Plan, total: number): Invoice {
    const now = Date.now();
    const invoice: Invoice = {
      id: newId("inv"),
      stripeId: newId("in"),
      customerId,
      planIds: [plan.id],
      status: "paid",
      total,
      amountPaid: total,
      refundedAmount: 0,
      currency: CURRENCY,
      createdAt: now,
      visibleAt: now + this.faults.invoiceDelayMs,
    };
    this.store.put("invoice", invoice);
    return invoice;
  }

  #commit(work: () => readonly Event[]): void {
    this.#sender.release(this.store.transaction(() => this.#sender.write(work())));
  }
}

function newId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString("hex")}`;
}

/** The same day of the next month, or its last day when it has no such day. */
function monthAfter(time: number): number {
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + 1);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime();
}
