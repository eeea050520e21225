import { usePaginatedQuery } from "convex/react";
import { ReceiptText } from "@/components/icons";
import { useEffect, useState } from "react";
import { api } from "../../../../convex/_generated/api";
import { Button } from "../../../components/button";
import { Card } from "../../../components/card";
import { Select } from "../../../components/field";
import { CsvButton } from "./csv-button";
import { HistoryTable } from "./history-table";
import { KIND_NAMES, KINDS, type LedgerKind } from "./ledger-row";

const ROWS_A_PAGE = 25;
const ALL = "all";
const CHOICES: { value: LedgerKind | typeof ALL; label: string }[] = [
  { value: ALL, label: "All changes" },
  ...KIND_NAMES.map((value) => ({ value, label: KINDS[value] })),
];

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
      <div className="flex flex-wrap items-center justify-between gap-2.5">
        <Select
          label="Kind"
          hideLabel
          small
          options={CHOICES}
          value={kind ?? ALL}
          onChange={(chosen) => setKind(chosen === ALL ? null : chosen)}
          className="w-40 max-[359px]:w-34"
        />
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
