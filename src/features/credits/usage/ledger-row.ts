import type { FunctionReturnType } from "convex/server";
import { isPlan, planName } from "../../../../convex/billing/plans";
import type { api } from "../../../../convex/_generated/api";

/** A row of the person's ledger, as the server shows it. */
export type LedgerRow = FunctionReturnType<typeof api.credits.history.list>["page"][number];

export type LedgerKind = LedgerRow["kind"];

/** The kinds in the order of the filter, by the words of the ledger. */
export const KINDS: Readonly<Record<LedgerKind, string>> = {
  charge: "Charges",
  refund: "Refunds",
  purchase: "Purchases",
  reset: "Resets",
  grant: "Grants",
  adjustment: "Adjustments",
};

export const KIND_NAMES = Object.keys(KINDS) as LedgerKind[];

/** What happened, in a few words. */
export function rowTitle({ kind, subject }: LedgerRow): string {
  switch (subject.what) {
    case "message":
    case "draft":
    case "page":
      return kind === "refund"
        ? `Refund: ${THINGS[subject.what].toLowerCase()}`
        : THINGS[subject.what];
    case "month":
      return `${kind === "grant" ? "First free credits" : "Monthly reset"}, ${monthName(subject.month)}`;
    case "invoice":
      if (kind !== "purchase") return "Taken back: the purchase was refunded";
      return isPlan(subject.planId) ? `Bought: ${planName(subject.planId)}` : "Credits bought";
    case "other":
      return "Correction";
  }
}

const THINGS = {
  message: "Chat message",
  draft: "Project draft",
  page: "Page read",
} as const;

/** `+100`, `−3`, `0`. */
export function signed(amount: number): string {
  if (amount === 0) return "0";
  return `${amount > 0 ? "+" : "−"}${Math.abs(amount).toLocaleString("en")}`;
}

/** `2026-11` as `November 2026`. It is a month of UTC's, so it is named there. */
function monthName(month: string): string {
  return new Date(`${month}-01T00:00:00Z`).toLocaleDateString("en-GB", {
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
}
