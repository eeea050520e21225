import type { ServerResponse } from "node:http";
import type { Billing } from "./billing.ts";
import { redirect, sendPage } from "./http.ts";
import { checkoutPage, endedCheckoutPage, invoicePage, messagePage, portalPage } from "./pages.ts";

/** Answers a page's address; `form` is what was sent with a POST. `false` for an unknown address. */
export type PageRoutes = (
  path: string,
  form: URLSearchParams | null,
  response: ServerResponse,
) => boolean;

/** The pages that the service would host. */
export function createPageRoutes(billing: Billing): PageRoutes {
  const { store } = billing;

  function checkout(id: string, form: URLSearchParams | null, response: ServerResponse): void {
    const { planId, customerId, successUrl, cancelUrl } = store.get("checkout", id) ?? {
      planId: "",
      customerId: "",
      successUrl: null,
      cancelUrl: null,
    };
    const open = billing.openCheckout(id);
    if (open === null) return sendPage(response, 410, endedCheckoutPage(cancelUrl ?? null));
    if (form === null) {
      const page = checkoutPage(open, billing.planOf(planId), billing.customerOf(customerId));
      return sendPage(response, 200, page);
    }
    const action = form.get("action");
    if (action === "pay") {
      billing.payCheckout(id, form.get("promotion") === "FREE" ? "free" : "none");
      return goOn(response, successUrl, "Paid", "Thank you. You can close this page.");
    }
    // The service itself stays on its page when a card is declined; this brings the person back.
    if (action === "decline" || action === "cancel") {
      const status = action === "decline" ? "declined" : "cancelled";
      billing.endCheckout(id, status);
      const back = cancelUrl === null ? null : withParameter(cancelUrl, "outcome", status);
      return goOn(response, back, "Not paid", `The checkout was ${status}. Nothing was paid.`);
    }
    sendPage(response, 400, messagePage("Not understood", "The form had no such button."));
  }

  function portal(id: string, form: URLSearchParams | null, response: ServerResponse): void {
    const visit = store.get("portal", id);
    if (visit === null) {
      return sendPage(response, 404, messagePage("Nothing here", "This link is not valid."));
    }
    const running = billing.subscriptionsOf(visit.customerId);
    const [subscription] = running;
    if (form !== null) {
      const action = form.get("action");
      if (subscription && action === "cancel") {
        billing.changeSubscription(subscription, "cancel_end_of_cycle");
      }
      if (subscription && action === "resume") billing.changeSubscription(subscription, "uncancel");
      if (subscription && action === "settle") billing.setPastDue(subscription, false);
      return redirect(response, `/portal/${id}`);
    }
    const page = portalPage(
      billing.customerOf(visit.customerId),
      running.map((it) => ({ subscription: it, plan: billing.planOf(it.planId) })),
      billing.invoices().filter(({ customerId }) => customerId === visit.customerId),
      visit,
    );
    sendPage(response, 200, page);
  }

  function invoice(stripeId: string, response: ServerResponse): void {
    const found = billing.invoices().find((it) => it.stripeId === stripeId);
    if (!found) {
      return sendPage(response, 404, messagePage("Nothing here", "There is no such invoice."));
    }
    const plans = found.planIds.map((id) => billing.catalogue.get(id));
    sendPage(response, 200, invoicePage(found, plans));
  }

  return (path, form, response) => {
    const [, kind, id] = /^\/(checkout|portal|invoices)\/([\w-]+)$/.exec(path) ?? [];
    if (path === "/") {
      sendPage(
        response,
        200,
        messagePage("Autumn sandbox", "Purchases made here are for trying out. No money moves."),
      );
      return true;
    }
    if (id === undefined) return false;
    if (kind === "checkout") checkout(id, form, response);
    if (kind === "portal") portal(id, form, response);
    if (kind === "invoices") invoice(id, response);
    return true;
  };
}

function goOn(
  response: ServerResponse,
  address: string | null,
  title: string,
  sentence: string,
): void {
  if (address === null) sendPage(response, 200, messagePage(title, sentence));
  else redirect(response, address);
}

function withParameter(address: string, name: string, value: string): string {
  const url = new URL(address);
  url.searchParams.set(name, value);
  return url.href;
}
