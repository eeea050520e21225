/** A running query: a scan and the operators that its rows pass through, in their order. */
import { CATALOG_INDEX_ID } from "../store/catalog.ts";
import type { Doc } from "../store/document.ts";
import type { KeyRange, Row } from "../store/rows.ts";
import type { Operator, QueryPlan } from "./query.ts";
import { Scan } from "./scan.ts";
import type { ScanContext } from "./scan.ts";
import { SearchScan } from "./search-scan.ts";

export interface QueryCursor {
  /** The next document, or null at the end. */
  next(): Doc | null;
  /** Ends the query; what it has not consumed is not part of the read set. */
  close(): void;
}

/** Rows of a plan, with what passes through to its end and what was scanned on the way. */
export class QueryRun implements QueryCursor {
  readonly #scan: Scan | SearchScan | null;
  readonly #operators: readonly Operator[];
  readonly #taken: number[];
  #isClosed = false;
  /** Called for each row that is read, before the operators see it. */
  onScanned: ((row: Row) => void) | null = null;

  /** `range` narrows what the plan reads (a page); `expectedRows` sizes the first read. */
  constructor(
    context: ScanContext,
    plan: QueryPlan,
    options: { range?: KeyRange; expectedRows?: number } = {},
  ) {
    this.#operators = plan.operators;
    this.#taken = plan.operators.map(() => 0);
    const { target } = plan;
    if (target.kind === "missing") {
      context.readSet.addPoint(CATALOG_INDEX_ID, target.catalogKey);
      this.#scan = null;
      return;
    }
    const range = options.range ?? target.range;
    const expected = options.expectedRows ?? firstLimit(plan.operators);
    if (target.kind === "search") {
      this.#scan = new SearchScan(context, { ...target, range }, expected);
      return;
    }
    this.#scan = new Scan(context, { ...target, range }, plan.order, expected);
  }

  next(): Doc | null {
    for (;;) {
      const step = this.step();
      if (step === "end") return null;
      if (step !== "filtered") return step.doc;
    }
  }

  /** Reads one row at most: the row, "filtered" when an operator held it back, or "end". */
  step(): Row | "filtered" | "end" {
    if (this.#isClosed || this.#scan === null || this.#isLimitReached()) return "end";
    const row = this.#scan.next();
    if (!row) return "end";
    this.onScanned?.(row);
    return this.#passes(row.doc) ? row : "filtered";
  }

  close(): void {
    this.#isClosed = true;
  }

  #passes(doc: Doc): boolean {
    for (const [at, operator] of this.#operators.entries()) {
      if ("limit" in operator) this.#taken[at]! += 1;
      else if (operator.filter(doc.value) !== true) return false;
    }
    return true;
  }

  #isLimitReached(): boolean {
    return this.#operators.some(
      (operator, at) => "limit" in operator && this.#taken[at]! >= operator.limit,
    );
  }
}

/** How many rows a query will want at most, where its first operator tells. */
function firstLimit(operators: readonly Operator[]): number | null {
  const [first] = operators;
  return first && "limit" in first ? first.limit : null;
}
