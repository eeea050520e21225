import { type ConvexReactClient, useConvex } from "convex/react";
import { Download } from "@/components/icons";
import { useState } from "react";
import { api } from "../../../../convex/_generated/api";
import { HISTORY_ROWS_MAX } from "../../../../convex/credits/rules";
import { Button } from "../../../components/button";
import { errorSentence } from "../../../lib/error-sentence";
import { showToast } from "../../../lib/toast";
import { ledgerCsv } from "./csv";
import type { LedgerKind, LedgerRow } from "./ledger-row";

/** Saves the history as it is filtered, all of it and not only the pages that are shown. */
export function CsvButton({ kind }: { readonly kind: LedgerKind | null }) {
  const convex = useConvex();
  const [isBusy, setIsBusy] = useState(false);

  async function download() {
    setIsBusy(true);
    try {
      save(ledgerCsv(await allRows(convex, kind)), fileName(kind, new Date()));
    } catch (error) {
      void showToast("error", "The history could not be downloaded.", {
        description: errorSentence(error),
      });
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <Button size="small" disabled={isBusy} onClick={() => void download()}>
      <Download size={15} strokeWidth={1.75} aria-hidden="true" />
      Download CSV
    </Button>
  );
}

async function allRows(convex: ConvexReactClient, kind: LedgerKind | null): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = [];
  let cursor: string | null = null;
  for (let isDone = false; !isDone;) {
    const result: Awaited<ReturnType<typeof pageOf>> = await pageOf(convex, kind, cursor);
    rows.push(...result.page);
    ({ isDone, continueCursor: cursor } = result);
  }
  return rows;
}

async function pageOf(convex: ConvexReactClient, kind: LedgerKind | null, cursor: string | null) {
  const paginationOpts = { numItems: HISTORY_ROWS_MAX, cursor };
  return await convex.query(api.credits.history.list, { kind, paginationOpts });
}

/** `parley-credits-2026-11-21.csv`, by the person's own day. */
function fileName(kind: LedgerKind | null, now: Date): string {
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
  return `parley-credits-${kind === null ? "" : `${kind}-`}${day}.csv`;
}

function save(text: string, name: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
