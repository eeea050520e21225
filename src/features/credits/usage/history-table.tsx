import { clsx } from "clsx";
import { Link } from "react-router";
import { type LedgerRow, rowTitle, signed } from "./ledger-row";

/** Rows of the ledger. On a narrow screen the time stands below what it is the time of. */
export function HistoryTable({ rows }: { readonly rows: readonly LedgerRow[] }) {
  return (
    <table className="w-full border-collapse text-sm">
      <caption className="sr-only">Every change of your credits, newest first</caption>
      <thead>
        <tr className="text-left text-[13px] text-ink-2">
          <th scope="col" className="py-2 pr-4 font-normal max-wide:hidden">
            When
          </th>
          <th scope="col" className="w-full py-2 pr-3 font-normal">
            What
          </th>
          <th scope="col" className="py-2 pr-5 text-right font-normal max-wide:pr-3">
            Credits
          </th>
          <th scope="col" className="py-2 text-right font-normal">
            Balance
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row._id} className="border-t border-line align-baseline">
            <td className="py-2.5 pr-4 whitespace-nowrap text-ink-2 tabular-nums max-wide:hidden">
              <Time at={row.at} />
            </td>
            <td className="max-w-0 py-2.5 pr-3">
              <span className="flex flex-wrap gap-x-2">
                {rowTitle(row)}
                <ChatLink row={row} />
                <ReceiptLink row={row} />
              </span>
              <span className="mt-0.5 block text-[13px] text-ink-2 tabular-nums wide:hidden">
                <Time at={row.at} />
              </span>
            </td>
            <td
              className={clsx(
                "py-2.5 pr-5 text-right font-[550] whitespace-nowrap tabular-nums max-wide:pr-3",
                row.amount > 0 && "text-good",
              )}
            >
              {signed(row.amount)}
            </td>
            <td className="py-2.5 text-right whitespace-nowrap text-ink-2 tabular-nums">
              {row.balanceAfter.toLocaleString("en")}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ChatLink({ row: { subject } }: { readonly row: LedgerRow }) {
  if (subject.what !== "message" || subject.chat === null) return null;
  return (
    <Link
      to={`/chat/${subject.chat.displayId}`}
      className="min-w-0 truncate pointer-coarse:-my-3 pointer-coarse:py-3 text-ink-2 underline decoration-line underline-offset-4 hover:text-accent-text"
    >
      {subject.chat.title}
    </Link>
  );
}

function ReceiptLink({ row: { subject } }: { readonly row: LedgerRow }) {
  if (subject.what !== "invoice" || subject.invoiceUrl === null) return null;
  return (
    <a
      href={subject.invoiceUrl}
      target="_blank"
      rel="noreferrer"
      className="text-ink-2 underline decoration-line underline-offset-4 hover:text-accent-text"
    >
      Receipt
    </a>
  );
}

function Time({ at }: { readonly at: number }) {
  const date = new Date(at);
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString("en-GB")}>
      {date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" })},{" "}
      {date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}
    </time>
  );
}
