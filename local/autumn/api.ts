import { ApiError } from "./api-error.ts";
import type { AttachRequest, Billing } from "./billing.ts";
import type { Customer, Invoice, Subscription } from "./records.ts";
import { type Balance, balanceView, customerView, invoiceView, planView } from "./views.ts";

type Body = Readonly<Record<string, unknown>>;

/** Answers one call: `path` is what follows `/v1/`, such as `billing.attach`. */
export type Api = (path: string, body: Body) => unknown;

const PAGE_LIMIT = 100;

/**
 * The part of Autumn's API (version 2.4.0) that this sandbox speaks. Bodies are snake case both
 * ways, and keys that it does not know are passed over, as the service does.
 * `origin` is the sandbox's own address, where its pages are.
 */
export function createApi(billing: Billing, origin: string): Api {
  const { store } = billing;

  const methods: Record<string, (body: Body) => unknown> = {
    "customers.get_or_create": (body) => {
      const customer = billing.customerOrNew(text(body, "customer_id"), detailsOf(body));
      return showCustomer(customer, body);
    },
    "customers.get": (body) => showCustomer(customerIn(body), body),
    "customers.update": (body) => {
      const changed = { ...customerIn(body), ...detailsOf(body) };
      store.put("customer", changed);
      return showCustomer(changed, body);
    },
    "customers.list": () => ({
      list: store.list("customer").map((customer) => showCustomer(customer, {})),
      next_cursor: null,
    }),

    "billing.attach": (body) => {
      const request = attachRequest(body);
      const attached = billing.attach(request);
      if (attached.kind === "charged") return charged(attached.invoice);
      const payment_url = `${origin}/checkout/${attached.checkout.id}`;
      return { customer_id: request.customerId, payment_url };
    },
    "billing.preview_attach": (body) => {
      const { customerId, planId } = attachRequest(body);
      const plan = billing.planOf(planId);
      const total = plan.price?.amount ?? 0;
      const line = { display_name: plan.name, description: plan.name, plan_id: planId };
      const lineItem = { ...line, subtotal: total, total, feature_id: null, quantity: 1 };
      return preview(customerId, [lineItem], total);
    },
    "billing.update": (body) => {
      const subscription = subscriptionIn(body);
      const how = body.cancel_action;
      if (how !== "cancel_immediately" && how !== "cancel_end_of_cycle" && how !== "uncancel") {
        throw new ApiError(400, "invalid_inputs", "cancel_action: nothing else can be updated");
      }
      billing.changeSubscription(subscription, how);
      if (body.refund_last_payment === "full") refundLast(subscription);
      return { customer_id: subscription.customerId, payment_url: null };
    },
    "billing.preview_update": (body) => ({
      ...preview(customerIn(body).id, [], 0),
      intent: body.cancel_action ?? "none",
    }),
    "billing.open_customer_portal": (body) => {
      const portal = { id: crypto.randomUUID(), customerId: customerIn(body).id };
      store.put("portal", { ...portal, returnUrl: optionalText(body, "return_url") });
      return { customer_id: portal.customerId, url: `${origin}/portal/${portal.id}` };
    },
    "billing.setup_payment": (body) => {
      const customer = customerIn(body);
      store.put("customer", { ...customer, hasCard: true });
      return { customer_id: customer.id, url: optionalText(body, "success_url") ?? origin };
    },

    "invoices.list": (body) => {
      const wanted = billing.invoices().filter((it) => isVisible(it) && matches(it, body));
      const start = Number(optionalText(body, "start_cursor") || 0);
      const limit = Math.min(PAGE_LIMIT, Number(body.limit ?? 50));
      if (!Number.isInteger(start) || !(limit >= 1)) {
        throw new ApiError(400, "invalid_inputs", "start_cursor or limit is not valid");
      }
      const end = start + limit;
      return {
        list: wanted.slice(start, end).map((invoice) => invoiceView(invoice, origin)),
        next_cursor: end < wanted.length ? String(end) : null,
      };
    },

    "balances.check": (body) => {
      const customer = billing.customerOrNew(text(body, "customer_id"));
      const featureId = text(body, "feature_id");
      const required = Number(body.required_balance ?? 1);
      const balance = balancesOf(customer.id).find((it) => it.featureId === featureId);
      const left = balance ? balance.granted - balance.used : 0;
      return {
        allowed: balance !== undefined && (balance.unlimited || left >= required),
        customer_id: customer.id,
        required_balance: required,
        balance: balance ? balanceView(balance) : null,
        flag: null,
      };
    },
    "balances.track": (body) => {
      const customer = billing.customerOrNew(text(body, "customer_id"));
      const featureId = text(body, "feature_id");
      const value = Number(body.value ?? 1);
      const before = balancesOf(customer.id).find((it) => it.featureId === featureId);
      if (before && Number.isFinite(value)) {
        const wanted = Math.max(0, before.used + value);
        const used = before.unlimited ? wanted : Math.min(before.granted, wanted);
        store.put("usage", { id: `${customer.id}/${featureId}`, used });
      }
      const balance = balancesOf(customer.id).find((it) => it.featureId === featureId);
      return { customer_id: customer.id, value, balance: balance ? balanceView(balance) : null };
    },

    "plans.list": () => ({ list: [...billing.catalogue.values()].map(planView) }),
    "plans.get": (body) => planView(billing.planOf(text(body, "plan_id"))),
  };

  function customerIn(body: Body): Customer {
    return billing.customerOf(text(body, "customer_id"));
  }

  function subscriptionIn(body: Body): Subscription {
    const { id } = customerIn(body);
    const planId = optionalText(body, "plan_id");
    const running = billing.subscriptionsOf(id);
    const found = running.find((it) => planId === null || it.planId === planId);
    if (found) return found;
    throw new ApiError(404, "customer_product_not_found", "There is no such subscription");
  }

  function refundLast({ customerId, planId }: Subscription): void {
    const last = billing
      .invoices()
      .find((it) => it.customerId === customerId && it.planIds.includes(planId));
    if (last) billing.refund(last, last.amountPaid);
  }

  function showCustomer(customer: Customer, body: Body) {
    const own = ({ customerId }: { customerId: string }) => customerId === customer.id;
    const view = customerView(customer, {
      subscriptions: billing.subscriptionsOf(customer.id),
      purchases: store.list("purchase").filter(own).slice(-15),
      balances: balancesOf(customer.id),
    });
    if (!Array.isArray(body.expand) || !body.expand.includes("invoices")) return view;
    const invoices = billing.invoices().filter((it) => own(it) && isVisible(it));
    return { ...view, invoices: invoices.map((invoice) => invoiceView(invoice, origin)) };
  }

  function balancesOf(customerId: string): Balance[] {
    const held = [
      ...billing.subscriptionsOf(customerId),
      ...store.list("purchase").filter((it) => it.customerId === customerId),
    ];
    const items = held.flatMap(({ planId }) => billing.catalogue.get(planId)?.items ?? []);
    return [...new Set(items.map(({ featureId }) => featureId))].map((featureId) => {
      const own = items.filter((it) => it.featureId === featureId);
      return {
        featureId,
        granted: own.reduce((sum, { included }) => sum + included, 0),
        used: store.get("usage", `${customerId}/${featureId}`)?.used ?? 0,
        unlimited: own.some(({ unlimited }) => unlimited),
      };
    });
  }

  function charged(invoice: Invoice) {
    const { status, stripe_id, total, currency, hosted_invoice_url } = invoiceView(invoice, origin);
    return {
      customer_id: invoice.customerId,
      payment_url: null,
      invoice: { status, stripe_id, total, currency, hosted_invoice_url },
    };
  }

  return (path, body) => {
    const method = Object.hasOwn(methods, path) ? methods[path] : undefined;
    if (!method) throw new ApiError(404, "not_found", `The sandbox does not speak ${path}`);
    return method(body);
  };
}

function preview(customerId: string, lineItems: readonly unknown[], total: number) {
  return {
    customer_id: customerId,
    line_items: lineItems,
    subtotal: total,
    total,
    currency: "usd",
    incoming: [],
    outgoing: [],
    redirect_to_checkout: true,
    checkout_type: null,
  };
}

function attachRequest(body: Body): AttachRequest {
  const mode = body.redirect_mode ?? "if_required";
  if (mode !== "always" && mode !== "if_required" && mode !== "never") {
    throw new ApiError(400, "invalid_inputs", "redirect_mode is not valid");
  }
  const params = body.checkout_session_params;
  const session = typeof params === "object" && params !== null ? (params as Body) : {};
  return {
    customerId: text(body, "customer_id"),
    planId: text(body, "plan_id"),
    redirectMode: mode,
    successUrl: optionalUrl(body, "success_url"),
    cancelUrl: optionalUrl(session, "cancel_url"),
  };
}

function detailsOf(body: Body): Partial<Customer> {
  const { name, email, metadata } = body;
  return {
    ...(typeof name === "string" ? { name } : {}),
    ...(typeof email === "string" ? { email } : {}),
    ...(typeof metadata === "object" && metadata !== null ? { metadata: metadata as Body } : {}),
  };
}

function isVisible({ visibleAt }: Invoice): boolean {
  return visibleAt <= Date.now();
}

function matches(invoice: Invoice, { customer_id, status }: Body): boolean {
  if (typeof customer_id === "string" && invoice.customerId !== customer_id) return false;
  return !Array.isArray(status) || status.length === 0 || status.includes(invoice.status);
}

/** @throws ApiError 400 `invalid_inputs` */
function text(body: Body, key: string): string {
  const value = body[key];
  if (typeof value === "string" && value !== "") return value;
  throw new ApiError(400, "invalid_inputs", `${key}: a text is required`);
}

function optionalText(body: Body, key: string): string | null {
  const value = body[key];
  return typeof value === "string" && value !== "" ? value : null;
}

function optionalUrl(body: Body, key: string): string | null {
  const value = optionalText(body, key);
  if (value === null || /^https?:$/.test(URL.parse(value)?.protocol ?? "")) return value;
  throw new ApiError(400, "invalid_inputs", `${key}: an http address is required`);
}
