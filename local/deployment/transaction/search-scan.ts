/** Reading the results of a text search one by one. */
import type { Table, TextIndex } from "../store/catalog.ts";
import type { DocumentChange } from "../store/commit-log.ts";
import type { Doc } from "../store/document.ts";
import type { KeyRange, Row } from "../store/rows.ts";
import { encodeKey } from "../values/key.ts";
import type { Key } from "../values/key.ts";
import type { ScanContext } from "./scan.ts";
import type { Search } from "./search-filters.ts";
import { UserError } from "./user-error.ts";

/** A search that goes through more results fails. */
const MAX_RESULTS = 1_024;

/**
 * Goes through the results of a search once, in their order. A result's key is its place in that
 * order: the pages of a search share out the places, so that none is left out or given twice.
 */
export class SearchScan {
  readonly #context: ScanContext;
  readonly #table: Table;
  readonly #index: TextIndex;
  readonly #search: Search;
  readonly #range: KeyRange;
  readonly #staged: readonly DocumentChange[];
  #docs: readonly Doc[] = [];
  #fetched = 0;
  #expected: number;
  #at: number | null = null;

  /** `expectedRows` sizes the first read. */
  constructor(
    context: ScanContext,
    target: { table: Table; index: TextIndex; search: Search; range: KeyRange },
    expectedRows: number | null,
  ) {
    this.#context = context;
    this.#table = target.table;
    this.#index = target.index;
    this.#search = target.search;
    this.#range = target.range;
    this.#expected = expectedRows ?? MAX_RESULTS;
    const { number } = target.table;
    this.#staged = [...(context.staged?.changes().values() ?? [])].filter(
      ({ table }) => table.number === number,
    );
    context.readSet.addPoint(target.index.id, target.search.readKey);
    context.meter.countQuery();
  }

  /** The next result, or null at the end. Throws a UserError when a limit is reached. */
  next(): Row | null {
    this.#context.assertOpen();
    this.#at ??= firstPlace(this.#range.lower);
    const at = this.#at;
    const key = placeKey(at);
    if (key >= this.#range.upper) return null;
    const doc = this.#result(at);
    if (!doc) return null;
    this.#at = at + 1;
    this.#context.meter.countRead(doc.size);
    return { key, doc };
  }

  #result(at: number): Doc | undefined {
    if (at === MAX_RESULTS) {
      throw new UserError(
        `Search query scanned too many documents (fetched ${MAX_RESULTS}). Consider using a smaller limit, paginating the query, or using a filter field to limit the number of documents pulled from the search index.`,
      );
    }
    if (at >= this.#fetched) this.#fetch(at);
    return this.#docs[at];
  }

  /** Reads as many results as are expected to be wanted, and if that was too few, all. */
  #fetch(from: number): void {
    const limit =
      this.#fetched === 0 ? Math.min(from + Math.max(this.#expected, 1), MAX_RESULTS) : MAX_RESULTS;
    const { store, snapshotTs } = this.#context;
    const { query } = this.#search;
    this.#docs = store.searchText(this.#table, this.#index, query, snapshotTs, this.#staged, limit);
    this.#fetched = limit;
  }
}

function placeKey(place: number): Key {
  return encodeKey(place);
}

/** The first place in a range, which begins at its start or just behind the key of a place. */
function firstPlace(lower: Key): number {
  let place = 0;
  while (placeKey(place) < lower) place++;
  return place;
}
