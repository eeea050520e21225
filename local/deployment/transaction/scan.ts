/** Reading an index row by row: the snapshot, with the transaction's own writes laid over it. */
import type { Store } from "../store/store.ts";
import type { Index, Table } from "../store/catalog.ts";
import type { KeyRange, Order, Row } from "../store/rows.ts";
import { afterKey } from "../values/key.ts";
import type { Meter } from "./limits.ts";
import type { OpenInterval, ReadSet } from "./read-set.ts";
import type { StagedWrites } from "./staged-writes.ts";

/** What a scan needs of its transaction. */
export interface ScanContext {
  readonly store: Store;
  readonly snapshotTs: bigint;
  readonly staged: StagedWrites | null;
  readonly readSet: ReadSet;
  readonly meter: Meter;
  /** Throws when the transaction is over. */
  assertOpen(): void;
}

const FIRST_BATCH = 16;
const MAX_BATCH = 512;
const BATCH_BYTES = 1024 * 1024;

/**
 * Goes through a range of an index once. Rows come from the store in batches that grow; no SQL
 * statement stays open in between. The read set takes in just what was consumed. Writes of the
 * transaction made on the way are seen from the current position on.
 */
export class Scan {
  readonly #context: ScanContext;
  readonly #table: Table;
  readonly #index: Index;
  readonly #order: Order;
  readonly #range: KeyRange;
  readonly #metered: boolean;
  readonly #consumed: OpenInterval;
  /** What lies ahead of the last row given out. */
  #ahead: KeyRange;
  #buffer: readonly Row[] = [];
  #bufferAt = 0;
  /** What the buffer does not hold yet. */
  #unread: KeyRange | null;
  #batchSize: number;
  #isDone = false;

  constructor(
    context: ScanContext,
    target: { table: Table; index: Index; range: KeyRange },
    order: Order,
    expectedRows: number | null,
  ) {
    this.#context = context;
    this.#table = target.table;
    this.#index = target.index;
    this.#order = order;
    this.#range = target.range;
    this.#ahead = target.range;
    this.#metered = !target.table.name.startsWith("_");
    this.#unread = target.range.lower < target.range.upper ? target.range : null;
    this.#batchSize = Math.max(1, Math.min(expectedRows ?? FIRST_BATCH, MAX_BATCH));
    const start = order === "asc" ? target.range.lower : target.range.upper;
    this.#consumed = { lower: start, upper: start };
    context.readSet.open(target.index.id, this.#consumed);
    if (this.#metered) context.meter.countQuery();
  }

  /** The next row, or null at the end. Throws a UserError when a read limit is reached. */
  next(): Row | null {
    this.#context.assertOpen();
    if (this.#isDone) return null;
    const row = this.#take();
    if (!row) {
      this.#isDone = true;
      this.#consumed.lower = this.#range.lower;
      this.#consumed.upper = this.#range.upper;
      return null;
    }
    this.#advance(row);
    if (this.#metered) this.#context.meter.countRead(row.doc.size);
    return row;
  }

  #take(): Row | null {
    const stored = this.#peekStored();
    const { lower, upper } = this.#ahead;
    const written =
      this.#context.staged?.index(this.#index.id)?.first(lower, upper, this.#order) ?? null;
    if (!stored || !written) {
      if (stored) this.#bufferAt++;
      return stored ?? written;
    }
    const storedFirst = this.#order === "asc" ? stored.key < written.key : stored.key > written.key;
    if (!storedFirst) return written;
    this.#bufferAt++;
    return stored;
  }

  /** The next row of the snapshot that the transaction has not overwritten. */
  #peekStored(): Row | null {
    const staged = this.#context.staged?.index(this.#index.id);
    for (;;) {
      const row = this.#buffer[this.#bufferAt];
      if (row && staged?.get(row.key) === undefined) return row;
      if (row) this.#bufferAt++;
      else if (this.#unread) this.#fetch(this.#unread);
      else return null;
    }
  }

  #fetch(range: KeyRange): void {
    const { store, snapshotTs } = this.#context;
    const size = this.#batchSize;
    const batch = store.range(this.#table, this.#index, range, this.#order, size, snapshotTs);
    this.#buffer = batch.rows;
    this.#bufferAt = 0;
    this.#unread = batch.rest;
    const bytes = batch.rows.reduce((sum, row) => sum + row.doc.size, 0);
    const fitting = Math.floor(BATCH_BYTES / Math.max(1, bytes / Math.max(1, batch.rows.length)));
    this.#batchSize = Math.max(1, Math.min(size * 4, MAX_BATCH, fitting));
  }

  #advance({ key }: Row): void {
    if (this.#order === "asc") {
      this.#ahead = { lower: afterKey(key), upper: this.#range.upper };
      this.#consumed.upper = this.#ahead.lower;
    } else {
      this.#ahead = { lower: this.#range.lower, upper: key };
      this.#consumed.lower = key;
    }
  }
}
