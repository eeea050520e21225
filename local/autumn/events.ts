import type { Plan } from "./catalogue.ts";
import type { Customer, Invoice, Subscription } from "./records.ts";
import { invoiceView } from "./views.ts";
import type { Event } from "./webhooks.ts";

// What the service tells its webhooks. `billing.updated` names what changed and no amount; the older
// `customer.products.updated` is still sent beside it; `invoice.finalized` carries the invoice.

type Action = "activated" | "updated" | "expired";
/** What the older event calls it. */
type Scenario = "new" | "renew" | "cancel" | "expired" | "past_due";

/** A one-off plan was paid. */
export function purchaseEvents(customer: Customer, plan: Plan): Event[] {
  const change = {
    action: "activated" satisfies Action,
    purchase: { plan_id: plan.id, status: "active", expires_at: null },
    previous_attributes: null,
    item_changes: [],
  };
  return [updated(customer.id, change), productsUpdated(customer, plan, "new")];
}

/** A subscription began, changed or ended. `previous` holds the former values of what changed. */
export function subscriptionEvents(
  customer: Customer,
  plan: Plan,
  subscription: Subscription,
  {
    action,
    scenario,
    previous,
  }: { action: Action; scenario: Scenario; previous: Record<string, unknown> | null },
): Event[] {
  const change = {
    action,
    subscription: {
      plan_id: plan.id,
      status: subscription.status,
      past_due: subscription.pastDue,
      started_at: subscription.startedAt,
      canceled_at: subscription.canceledAt,
      expires_at: subscription.expiresAt,
      trial_ends_at: null,
      // The service leaves these empty here; they are read from the customer.
      current_period_start: null,
      current_period_end: null,
    },
    previous_attributes: previous,
    item_changes: [],
  };
  return [updated(customer.id, change), productsUpdated(customer, plan, scenario)];
}

export function invoiceEvent(invoice: Invoice): Event {
  return {
    type: "invoice.finalized",
    customerId: invoice.customerId,
    data: { object: "invoice.finalized", ...invoiceView(invoice, null), items: [] },
  };
}

function updated(customerId: string, change: unknown): Event {
  return {
    type: "billing.updated",
    customerId,
    data: { object: "billing.updated", customer_id: customerId, plan_changes: [change], tags: [] },
  };
}

function productsUpdated(customer: Customer, plan: Plan, scenario: Scenario): Event {
  return {
    type: "customer.products.updated",
    customerId: customer.id,
    data: {
      scenario,
      customer: { id: customer.id, name: customer.name, email: customer.email, products: [] },
      updated_product: { id: plan.id, name: plan.name, group: plan.group, is_add_on: plan.addOn },
    },
  };
}
