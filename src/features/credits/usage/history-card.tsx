import { usePaginatedQuery } from "convex/react";
import { clsx } from "clsx";
import { ReceiptText } from "lucide-react";
import { useEffect, useState } from "react";
import { api } from "../../../../convex/_generated/api";
import { Button } from "../../../components/button";
import { Card } from "../../../components/card";
import { CsvButton } from "./csv-button";
import { HistoryTable } from "./history-table";
import { KINDS, type LedgerKind } from "./ledger-row";

const ROWS_A_PAGE = 25;

/** The whole ledger, newest first, a page at a time, with the balance after each row. */
export function HistoryCard() {
  const [kind, setKind] = useState<LedgerKind | null>(null);
  const { results, status, loadMore } = usePaginatedQuery(
    api.credits.history.list,
    { kind },
    { initialNumItems: ROWS_A_PAGE },
  );
  const isSearching = status !== "Exhausted" && results.length === 0;
  useEffect(() => {
    // A page of one kind may come back empty although more of it follow.
    if (status === "CanLoadMore" && isSearching) loadMore(ROWS_A_PAGE);
  }, [status, isSearching, loadMore]);
  return (
    <Card title="History" Icon={ReceiptText}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2.5">
        <KindFilter chosen={kind} onChoose={setKind} />
        <CsvButton kind={kind} />
      </div>
      {isSearching ? (
        <Skeleton />
      ) : results.length === 0 ? (
        <p className="py-8 text-center text-ink-2">{emptySentence(kind)}</p>
      ) : (
        <HistoryTable rows={results} />
      )}
      {!isSearching && status !== "Exhausted" && (
        <Button
          className="self-center"
          disabled={status === "LoadingMore"}
          onClick={() => loadMore(ROWS_A_PAGE)}
        >
          Show older
        </Button>
      )}
    </Card>
  );
}

function KindFilter({
  chosen,
  onChoose,
}: {
  readonly chosen: LedgerKind | null;
  readonly onChoose: (kind: LedgerKind | null) => void;
}) {
  const choices = [[null, "All"], ...Object.entries(KINDS)] as [LedgerKind | null, string][];
  return (
    <div
      role="group"
      aria-label="Kind"
      className="flex flex-1 flex-wrap gap-1.5 max-wide:basis-full"
    >
      {choices.map(([kind, label]) => (
        <button
          key={label}
          type="button"
          aria-pressed={kind === chosen}
          onClick={() => onChoose(kind)}
          className={clsx(
            "touch-target rounded-full border px-3 py-1 text-[13.5px] transition-colors duration-150",
            kind === chosen
              ? "border-transparent bg-accent-soft font-[550] text-accent-text"
              : "border-line text-ink-2 hover:bg-shade hover:text-ink",
          )}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

function Skeleton() {
  return (
    <div className="animate-late py-2" aria-hidden="true">
      {Array.from({ length: 6 }, (_, i) => (
        <div key={i} className="my-4 h-4 rounded bg-shade" />
      ))}
    </div>
  );
}

function emptySentence(kind: LedgerKind | null): string {
  return kind === null
    ? "Nothing has happened yet. Your free credits are booked with the first message you send."
    : `There are no ${KINDS[kind].toLowerCase()}.`;
}
