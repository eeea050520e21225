import { type LedgerRow, rowTitle } from "./ledger-row";

const COLUMNS = ["Time (UTC)", "Kind", "For", "Chat", "Credits", "Balance after"] as const;

/** The rows as a CSV file (RFC 4180), the columns named in its first line. */
export function ledgerCsv(rows: readonly LedgerRow[]): string {
  const lines = rows.map((row) => [
    new Date(row.at).toISOString(),
    row.kind,
    rowTitle(row),
    row.subject.what === "message" ? (row.subject.chat?.title ?? "") : "",
    row.amount,
    row.balanceAfter,
  ]);
  return [COLUMNS, ...lines].map((cells) => cells.map(cell).join(",") + "\r\n").join("");
}

function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  // A spreadsheet would run a text that begins like a formula.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
