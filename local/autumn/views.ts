import type { Plan } from "./catalogue.ts";
import type { Customer, Invoice, Purchase, Subscription } from "./records.ts";

// Records as the API shows them: every field that the service's own SDK requires, in snake case.

export interface Balance {
  readonly featureId: string;
  readonly granted: number;
  readonly used: number;
  readonly unlimited: boolean;
}

export function customerView(
  customer: Customer,
  {
    subscriptions,
    purchases,
    balances,
  }: {
    readonly subscriptions: readonly Subscription[];
    readonly purchases: readonly Purchase[];
    readonly balances: readonly Balance[];
  },
) {
  return {
    id: customer.id,
    name: customer.name,
    email: customer.email,
    created_at: customer.createdAt,
    fingerprint: customer.fingerprint,
    stripe_id: `cus_${customer.id}`,
    env: "sandbox",
    metadata: customer.metadata,
    send_email_receipts: false,
    billing_controls: {},
    subscriptions: subscriptions.map(subscriptionView),
    purchases: purchases.map(({ planId, startedAt }) => ({
      plan_id: planId,
      expires_at: null,
      started_at: startedAt,
      quantity: 1,
    })),
    licenses: [],
    balances: Object.fromEntries(balances.map((it) => [it.featureId, balanceView(it)])),
    flags: {},
  };
}

function subscriptionView(subscription: Subscription) {
  return {
    id: subscription.id,
    plan_id: subscription.planId,
    auto_enable: false,
    add_on: false,
    status: subscription.status,
    past_due: subscription.pastDue,
    canceled_at: subscription.canceledAt,
    expires_at: subscription.expiresAt,
    trial_ends_at: null,
    started_at: subscription.startedAt,
    current_period_start: subscription.currentPeriodStart,
    current_period_end: subscription.currentPeriodEnd,
    quantity: 1,
  };
}

export function balanceView({ featureId, granted, used, unlimited }: Balance) {
  return {
    feature_id: featureId,
    granted,
    remaining: unlimited ? 0 : Math.max(0, granted - used),
    usage: used,
    unlimited,
    overage_allowed: false,
    max_purchase: null,
    next_reset_at: null,
  };
}

/** `origin` is where the invoice's page is; `null` leaves its address out. */
export function invoiceView(invoice: Invoice, origin: string | null) {
  return {
    id: invoice.id,
    stripe_id: invoice.stripeId,
    customer_id: invoice.customerId,
    entity_id: null,
    plan_ids: invoice.planIds,
    processor_type: "stripe",
    status: invoice.status,
    total: invoice.total,
    amount_paid: invoice.amountPaid,
    refunded_amount: invoice.refundedAmount,
    currency: invoice.currency,
    created_at: invoice.createdAt,
    hosted_invoice_url: origin === null ? null : `${origin}/invoices/${invoice.stripeId}`,
  };
}

export function planView({ id, name, group, addOn, price, items }: Plan) {
  return {
    id,
    name,
    description: null,
    group,
    version: 1,
    add_on: addOn,
    auto_enable: false,
    price,
    items: items.map(({ featureId, included, unlimited }) => ({
      feature_id: featureId,
      included,
      unlimited,
      reset: null,
      price: null,
    })),
    created_at: 0,
    env: "sandbox",
    archived: false,
    config: {},
    metadata: {},
    base_variant_id: null,
  };
}
