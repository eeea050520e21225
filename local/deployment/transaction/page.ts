/** One page of a query. */
import type { Doc } from "../store/document.ts";
import type { KeyRange, Order } from "../store/rows.ts";
import { afterKey, FIRST_KEY } from "../values/key.ts";
import type { Key } from "../values/key.ts";
import { TRANSACTION_LIMITS } from "./limits.ts";
import { fingerprintOf, openCursor, sealCursor } from "./page-cursor.ts";
import type { PagePosition } from "./page-cursor.ts";
import type { QueryJson, QueryPlan } from "./query.ts";
import { QueryRun } from "./query-cursor.ts";
import type { ScanContext } from "./scan.ts";
import { UserError } from "./user-error.ts";

export interface PageOptions {
  /** Where the page before ended; null for the first page. */
  readonly cursor: string | null;
  /** Pins the page's end: all up to there is read, whatever `pageSize` says. */
  readonly endCursor: string | null;
  readonly pageSize: number;
  readonly maximumRowsRead?: number | null;
  readonly maximumBytesRead?: number | null;
}

export interface Page {
  readonly page: Doc[];
  readonly isDone: boolean;
  readonly continueCursor: string;
  /** Splits what this page read into halves; null when there is nothing to split. */
  readonly splitCursor: string | null;
  /** "SplitRequired": a limit was met, and with a pinned end the page is not complete. */
  readonly pageStatus: null | "SplitRecommended" | "SplitRequired";
}

/** A page that read more than this is better split. */
const MANY_ROWS = 6_144;
const MANY_BYTES = 4 * 1024 * 1024;

/** What a page may still read. */
interface Budget {
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Reads a page. Rows go on from `cursor` to `endCursor`, or until `pageSize` of them have passed
 * the filters, or a limit is met. Throws a UserError for a cursor of another query, and for a page
 * of nothing or too much.
 */
export function readPage(
  context: ScanContext,
  component: string,
  query: QueryJson,
  plan: QueryPlan,
  options: PageOptions,
): Page {
  checkOptions(options);
  const { secret } = context.store;
  const fields = plan.target.kind === "index" ? plan.target.index.fields : null;
  const fingerprint = fingerprintOf([component, query.source, query.operators, fields]);
  const open = (cursor: string | null): PagePosition | null =>
    cursor === null ? null : openCursor(secret, fingerprint, cursor);
  const start = open(options.cursor);
  const end = open(options.endCursor);
  const { docs, scanned, bytes, stop } = readRows(context, plan, options, start, end);
  const isCut = stop === "budget";
  const position = reached(start, end, stop, scanned);
  const seal = (at: PagePosition): string => sealCursor(secret, fingerprint, at);
  const middle = scanned.length > 1 ? scanned[(scanned.length - 1) >> 1]! : null;
  const isLarge = scanned.length > MANY_ROWS || bytes > MANY_BYTES;
  return {
    page: docs,
    isDone: position.kind === "end",
    continueCursor: seal(position),
    splitCursor: middle === null ? null : seal({ kind: "after", key: middle }),
    pageStatus: isCut ? "SplitRequired" : isLarge ? "SplitRecommended" : null,
  };
}

function checkOptions({ pageSize, maximumRowsRead, maximumBytesRead }: PageOptions): void {
  if (pageSize === 0) throw new UserError("Must request at least 1 document while paginating");
  if (pageSize > TRANSACTION_LIMITS.documentsRead) {
    throw new UserError(`Requested too many items: ${pageSize}`);
  }
  if (maximumRowsRead === 0 || maximumBytesRead === 0) {
    throw new UserError("maximumRowsRead and maximumBytesRead must be greater than 0");
  }
}

/** Why reading ended: the range was read, the page was full, or the budget was spent. */
type Stop = "range" | "full" | "budget";

function readRows(
  context: ScanContext,
  plan: QueryPlan,
  options: PageOptions,
  start: PagePosition | null,
  end: PagePosition | null,
): { docs: Doc[]; scanned: Key[]; bytes: number; stop: Stop } {
  const docs: Doc[] = [];
  const scanned: Key[] = [];
  if (start?.kind === "end") return { docs, scanned, bytes: 0, stop: "range" };
  const range = pageRange(plan, start, end);
  const wanted = end ? Number.POSITIVE_INFINITY : options.pageSize;
  const expectedRows = Number.isFinite(wanted) ? wanted : 64;
  const run = new QueryRun(context, plan, { range, expectedRows });
  const budget = budgetOf(context, options);
  let bytes = 0;
  run.onScanned = ({ key, doc }) => {
    scanned.push(key);
    bytes += doc.size;
  };
  while (docs.length < wanted) {
    if (scanned.length >= budget.rows || bytes >= budget.bytes) {
      return { docs, scanned, bytes, stop: "budget" };
    }
    const step = run.step();
    if (step === "end") return { docs, scanned, bytes, stop: "range" };
    if (step !== "filtered") docs.push(step.doc);
  }
  return { docs, scanned, bytes, stop: "full" };
}

/** Leaves the function room to read other things before its own limits end it. */
function budgetOf({ meter }: ScanContext, options: PageOptions): Budget {
  const { documentsRead, bytesRead } = meter.metrics;
  return {
    rows: Math.min(
      options.maximumRowsRead ?? Number.POSITIVE_INFINITY,
      TRANSACTION_LIMITS.documentsRead - documentsRead,
    ),
    bytes: Math.min(
      options.maximumBytesRead ?? Number.POSITIVE_INFINITY,
      (TRANSACTION_LIMITS.bytesRead - bytesRead) / 2,
    ),
  };
}

/** Where the page ends. A pinned end stays, also when a limit kept the page from reaching it. */
function reached(
  start: PagePosition | null,
  end: PagePosition | null,
  stop: Stop,
  scanned: readonly Key[],
): PagePosition {
  if (end) return end;
  if (stop === "range") return { kind: "end" };
  const last = scanned.at(-1);
  return last === undefined
    ? (start ?? { kind: "after", key: FIRST_KEY })
    : { kind: "after", key: last };
}

/** The plan's range, after `start` and up to and with `end`. */
function pageRange(
  plan: QueryPlan,
  start: PagePosition | null,
  end: PagePosition | null,
): KeyRange {
  if (plan.target.kind === "missing") return { lower: FIRST_KEY, upper: FIRST_KEY };
  const { order } = plan;
  const range =
    start?.kind === "after" ? beyond(plan.target.range, order, start.key) : plan.target.range;
  if (end?.kind !== "after") return range;
  return order === "asc"
    ? { lower: range.lower, upper: least(range.upper, afterKey(end.key)) }
    : { lower: greatest(range.lower, end.key), upper: range.upper };
}

function beyond(range: KeyRange, order: Order, key: Key): KeyRange {
  return order === "asc"
    ? { lower: greatest(range.lower, afterKey(key)), upper: range.upper }
    : { lower: range.lower, upper: least(range.upper, key) };
}

function least(a: Key, b: Key): Key {
  return a < b ? a : b;
}

function greatest(a: Key, b: Key): Key {
  return a > b ? a : b;
}
