import type { Plan } from "./catalogue.ts";
import { isOneOff } from "./catalogue.ts";
import type { Checkout, Customer, Invoice, Subscription } from "./records.ts";
import { STYLE } from "./style.ts";

// The pages that a person sees: checkout, portal, invoice. Every text that comes from elsewhere is
// escaped by `html`.

/** A text that is HTML already. */
interface Html {
  readonly html: string;
}

function html(parts: TemplateStringsArray, ...values: readonly unknown[]): Html {
  return { html: String.raw({ raw: parts }, ...values.map(asHtml)) };
}

function asHtml(value: unknown): string {
  if (Array.isArray(value)) return value.map(asHtml).join("");
  if (typeof value === "object" && value !== null && "html" in value) return String(value.html);
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return String(value ?? "").replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

function page(title: string, content: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="robots" content="noindex" />
        <title>${title} · Autumn sandbox</title>
        <style>
          ${{ html: STYLE }}
        </style>
      </head>
      <body>
        <div class="banner"><strong>Sandbox.</strong> No money moves and no card is asked for.</div>
        <main>${content}</main>
      </body>
    </html>`.html;
}

export function checkoutPage(checkout: Checkout, plan: Plan, customer: Customer): string {
  return page(
    "Checkout",
    html`<h1>${plan.name}</h1>
      <p>${customer.email ?? customer.id}</p>
      <div class="card">
        <p class="amount">${money(plan.price?.amount ?? 0)}</p>
        <p>${isOneOff(plan) ? "Paid once." : "Paid every month until it is cancelled."}</p>
        <form method="post" action="/checkout/${checkout.id}">
          <label>
            Promotion code (FREE makes it cost nothing)
            <input name="promotion" autocomplete="off" />
          </label>
          <button class="primary" name="action" value="pay">Pay</button>
          <div class="row">
            <button name="action" value="decline">Decline</button>
            <button name="action" value="cancel">Cancel</button>
          </div>
        </form>
      </div>
      <p>Decline answers as a bank that refuses the card.</p>`,
  );
}

/** A checkout that was paid, left, replaced or waited too long. */
export function endedCheckoutPage(back: string | null): string {
  return page(
    "Checkout ended",
    html`<h1>This checkout has ended.</h1>
      <p>It was paid, left, or replaced by a newer one. Nothing more happens here.</p>
      ${backLink(back)}`,
  );
}

export function portalPage(
  customer: Customer,
  running: readonly { readonly subscription: Subscription; readonly plan: Plan }[],
  invoices: readonly Invoice[],
  { id, returnUrl }: { readonly id: string; readonly returnUrl: string | null },
): string {
  return page(
    "Billing",
    html`<h1>Billing</h1>
      <p>${customer.email ?? customer.id}</p>
      ${running.map((it) => subscriptionCard(id, it.subscription, it.plan))}
      ${running.length === 0 ? html`<div class="card">No plan is running.</div>` : ""}
      <ul>
        ${invoices.map(
          (invoice) =>
            html`<li>
              <a href="/invoices/${invoice.stripeId}">${day(invoice.createdAt)}</a>
              <span>${invoice.planIds.join(", ")}</span>
              <span>${money(invoice.total)}</span>
            </li>`,
        )}
      </ul>
      ${backLink(returnUrl)}`,
  );
}

function subscriptionCard(portalId: string, subscription: Subscription, plan: Plan): Html {
  const ends = subscription.expiresAt;
  return html`<div class="card">
    <strong>${plan.name}</strong>, ${money(plan.price?.amount ?? 0)} a month
    <p>
      ${
        ends === null
          ? `Renews on ${day(subscription.currentPeriodEnd)}.`
          : `Cancelled; runs until ${day(ends)}.`
      }
      ${subscription.pastDue ? "The last payment failed." : ""}
    </p>
    <form method="post" action="/portal/${portalId}">
      ${
        subscription.pastDue
          ? html`<button class="primary" name="action" value="settle">Update card</button>`
          : ""
      }
      ${
        ends === null
          ? html`<button name="action" value="cancel">Cancel subscription</button>`
          : html`<button class="primary" name="action" value="resume">Resume subscription</button>`
      }
    </form>
  </div>`;
}

export function invoicePage(invoice: Invoice, plans: readonly (Plan | undefined)[]): string {
  return page(
    "Invoice",
    html`<h1>Invoice</h1>
      <p>${invoice.stripeId}, ${day(invoice.createdAt)}</p>
      <div class="card">
        <p class="amount">${money(invoice.total)}</p>
        <p>${plans.map((plan, index) => plan?.name ?? invoice.planIds[index]).join(", ")}</p>
        <p>
          ${invoice.status === "paid" ? "Paid." : "Not paid."}
          ${invoice.refundedAmount > 0 ? `${money(invoice.refundedAmount)} given back.` : ""}
        </p>
      </div>`,
  );
}

export function messagePage(title: string, sentence: string): string {
  return page(
    title,
    html`<h1>${title}</h1>
      <p>${sentence}</p>`,
  );
}

function backLink(address: string | null): Html | string {
  return address === null ? "" : html`<p><a class="button" href="${address}">Go back</a></p>`;
}

function money(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
