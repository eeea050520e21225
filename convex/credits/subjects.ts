import type { Id } from "../_generated/dataModel";

// What a row of the ledger is for. A row's key is made from it, which makes each effect happen once.

/** What is paid for with credits. */
export type ChargeSubject = `message:${Id<"chatMessages">}` | `draft:${string}` | `page:${string}`;

/** A plan on a paid invoice, by Stripe's id of the invoice and our id of the plan. */
export type InvoiceSubject = `invoice:${string}:${string}`;

export const keys = {
  charge: (subject: ChargeSubject) => `charge:${subject}`,
  refund: (subject: ChargeSubject) => `refund:${subject}`,
  purchase: (subject: InvoiceSubject) => `purchase:${subject}`,
  /** All that was taken back for an invoice starts with this. */
  takeBacks: (subject: InvoiceSubject) => `takeback:${subject}:`,
  /** Taking back up to `total` credits of an invoice: a later, greater total is another step. */
  takeBack: (subject: InvoiceSubject, total: number) => `takeback:${subject}:${total}`,
  /** Taking, of what that key asked back, what was spent on `subject` and is given back now. */
  takeBackLate: (key: string, subject: ChargeSubject) => `${key}:${subject}`,
  month: (kind: "grant" | "reset", userId: Id<"users">, month: string) =>
    `${kind}:${userId}:${month}`,
};

/** What a ledger row is for, as far as its key tells. */
export type RowSubject =
  | { readonly what: "message"; readonly id: string }
  | { readonly what: "draft" | "page"; readonly id: string }
  | { readonly what: "invoice"; readonly stripeId: string; readonly planId: string }
  | { readonly what: "month"; readonly month: string }
  | { readonly what: "other" };

/** Reads what a key was made from. */
export function subjectOf(key: string): RowSubject {
  const [kind, ...rest] = key.split(":");
  if (kind === "grant" || kind === "reset") return { what: "month", month: rest[1] ?? "" };
  const [what, id = "", planId = ""] = rest;
  if (what === "message") return { what, id };
  if (what === "draft" || what === "page") return { what, id };
  if (what === "invoice") return { what, stripeId: id, planId };
  return { what: "other" };
}
