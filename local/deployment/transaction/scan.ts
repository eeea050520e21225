/** Reading an index row by row: the snapshot, with the transaction's own writes laid over it. */
import type { Store } from "../store/store.ts";
import type { Index, Table } from "../store/catalog.ts";
import type { KeyRange, Order, Row } from "../store/rows.ts";
import { afterKey } from "../values/key.ts";
import type { Key } from "../values/key.ts";
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

/** What of a range has been read so far. Told when asked for: rows are many, and askers one. */
class Consumed implements OpenInterval {
  readonly #range: KeyRange;
  readonly #order: Order;
  /** The last row that was given out. */
  last: Key | null = null;
  isWhole = false;

  constructor(range: KeyRange, order: Order) {
    this.#range = range;
    this.#order = order;
  }

  get lower(): Key {
    if (this.isWhole || this.#order === "asc") return this.#range.lower;
    return this.last ?? this.#range.upper;
  }

  get upper(): Key {
    if (this.isWhole || this.#order === "desc") return this.#range.upper;
    return this.last === null ? this.#range.lower : afterKey(this.last);
  }

  /** What lies ahead of the last row. */
  get ahead(): KeyRange {
    return this.#order === "asc"
      ? { lower: this.upper, upper: this.#range.upper }
      : { lower: this.#range.lower, upper: this.lower };
  }
}

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
  readonly #metered: boolean;
  readonly #consumed: Consumed;
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
    this.#metered = !target.table.name.startsWith("_");
    this.#unread = target.range.lower < target.range.upper ? target.range : null;
    this.#batchSize = Math.max(1, Math.min(expectedRows ?? FIRST_BATCH, MAX_BATCH));
    this.#consumed = new Consumed(target.range, order);
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
      this.#consumed.isWhole = true;
      return null;
    }
    this.#consumed.last = row.key;
    if (this.#metered) this.#context.meter.countRead(row.doc.size);
    return row;
  }

  #take(): Row | null {
    const stored = this.#peekStored();
    const written = this.#firstWritten();
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

  /** The next row that the transaction itself has written. */
  #firstWritten(): Row | null {
    const staged = this.#context.staged?.index(this.#index.id);
    if (staged === undefined) return null;
    const { lower, upper } = this.#consumed.ahead;
    return staged.first(lower, upper, this.#order);
  }
}
