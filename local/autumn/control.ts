import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "./api-error.ts";
import type { Billing } from "./billing.ts";
import { type Faults, faultsFrom, NO_FAULTS } from "./faults.ts";
import type { Invoice, Subscription } from "./records.ts";
import type { WebhookSender } from "./webhooks.ts";

type Body = Readonly<Record<string, unknown>>;

/** Answers one request under `/control/`; README.md lists them. */
export type Control = (method: string, path: string, body: Body) => Promise<unknown>;

/** The handles by which a test, or a curious person, makes things happen and go wrong. */
export function createControl(
  billing: Billing,
  sender: WebhookSender,
  apply: (faults: Faults) => void,
): Control {
  const { store } = billing;
  let faults = NO_FAULTS;

  const onSubscription: Record<string, (subscription: Subscription) => unknown> = {
    "advance-period": (it) => billing.advancePeriod(it),
    "past-due": (it) => billing.setPastDue(it, true),
    settle: (it) => billing.setPastDue(it, false),
    "cancel-at-end": (it) => billing.changeSubscription(it, "cancel_end_of_cycle"),
    "cancel-now": (it) => billing.changeSubscription(it, "cancel_immediately"),
    resume: (it) => billing.changeSubscription(it, "uncancel"),
  };

  function runningPlanOf(customerId: string): Subscription {
    const [subscription] = billing.subscriptionsOf(customerId);
    if (subscription) return subscription;
    throw new ApiError(404, "not_found", `${customerId} has no running plan`);
  }

  function invoiceOf(customerId: string, stripeId: unknown): Invoice {
    const own = billing.invoices().filter((it) => it.customerId === customerId);
    const found = stripeId === undefined ? own[0] : own.find((it) => it.stripeId === stripeId);
    if (found) return found;
    throw new ApiError(404, "not_found", `${customerId} has no such invoice`);
  }

  async function replay({ times = 1, customerId }: Body): Promise<unknown> {
    const wanted = store
      .list("message")
      .filter((it) => customerId === undefined || it.customerId === customerId);
    const shuffled = wanted
      .map((message) => ({ message, place: Math.random() }))
      .sort((a, b) => a.place - b.place);
    await Promise.all(
      shuffled.map(async ({ message, place }) => {
        await sleep(place * 50);
        await sender.replay(message, Number(times));
      }),
    );
    return { replayed: wanted.length * Number(times) };
  }

  return async (method, path, body) => {
    if (method === "GET") {
      if (path === "faults") return faults;
      if (path === "messages") return store.list("message");
      if (path === "state") {
        return {
          customers: store.list("customer"),
          subscriptions: store.list("subscription"),
          purchases: store.list("purchase"),
          invoices: store.list("invoice"),
          checkouts: store.list("checkout"),
        };
      }
    }
    if (method === "POST") {
      if (path === "faults") {
        try {
          faults = faultsFrom(body);
        } catch (error) {
          throw new ApiError(400, "invalid_inputs", (error as Error).message);
        }
        apply(faults);
        return faults;
      }
      if (path === "messages/replay") return await replay(body);
      const [, customerId, action] = /^customers\/([^/]+)\/([a-z-]+)$/.exec(path) ?? [];
      if (customerId !== undefined && action === "refund") {
        const invoice = invoiceOf(customerId, body.invoice);
        return billing.refund(invoice, Number(body.amount ?? invoice.amountPaid));
      }
      if (
        customerId !== undefined &&
        action !== undefined &&
        Object.hasOwn(onSubscription, action)
      ) {
        return onSubscription[action]?.(runningPlanOf(customerId));
      }
    }
    throw new ApiError(404, "not_found", `There is no ${method} /control/${path}`);
  };
}
