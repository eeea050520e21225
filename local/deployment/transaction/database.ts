/**
 * The database: consistent snapshots to read, one writer at a time, and commits that are
 * acknowledged once they are on disk. Commits that arrive together share one disk sync.
 */
import type { Commit } from "../store/commit-log.ts";
import type { Catalog, Index, SystemTable } from "../store/catalog.ts";
import type { NewSearchIndex } from "../store/catalog-file.ts";
import { Store } from "../store/store.ts";
import { Mutex } from "./mutex.ts";
import type { PendingSchema } from "./schema.ts";
import { Transaction } from "./transaction.ts";
import type { TransactionHost } from "./transaction.ts";

const NANOSECONDS_PER_MILLISECOND = 1_000_000n;
/** The least step between the creation times of this century, in milliseconds. */
const CREATION_TIME_STEP = 2 ** -12;

/**
 * So long commits may wait for others that arrive with them, milliseconds. Without it, what is
 * committed first in a busy turn of the event loop is seen only after all else in that turn has run.
 */
const LONGEST_GATHERING_MS = 5;

/** A write to disk failed. What was not acknowledged is lost; the process has to start anew. */
export class DatabaseBrokenError extends Error {
  override readonly name = "DatabaseBrokenError";
  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`The database could not write to its data file: ${reason}`, { cause });
  }
}

/** The snapshot asked for is older than what is kept. */
class SnapshotTooOldError extends Error {
  override readonly name = "SnapshotTooOldError";
}

export interface DatabaseOptions {
  readonly systemTables: readonly SystemTable[];
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

type CommitListener = (commit: Commit) => void;

export class Database implements TransactionHost {
  readonly store: Store;
  readonly #now: () => number;
  readonly #writer = new Mutex();
  readonly #readers = new Set<Transaction>();
  readonly #listeners = new Set<CommitListener>();
  readonly #pendingSchemas = new Set<PendingSchema>();
  readonly #failure = Promise.withResolvers<DatabaseBrokenError>();
  #broken: DatabaseBrokenError | null = null;
  #flush: PromiseWithResolvers<void> | null = null;
  #flushTimer: NodeJS.Immediate | null = null;
  /** When the first commit was applied that waits for the flush. */
  #gatheringSince = 0;
  #lastCreationTime = 0;
  /** While true nothing is flushed: what is being written counts only as a whole. */
  #isHeld = false;
  #isClosed = false;

  /** Opens or creates the file. Throws a DataFileError when it cannot be used; never overwrites it. */
  static open(file: string, options: DatabaseOptions): Database {
    return new Database(Store.open(file, options.systemTables), options.now ?? Date.now);
  }

  private constructor(store: Store, now: () => number) {
    this.store = store;
    this.#now = now;
    if (store.hasDroppedIndexes) void this.#scheduleFlush();
  }

  /** Nanoseconds; the newest applied commit. Mutations read here. */
  get latestTs(): bigint {
    return this.store.latestTs;
  }

  /** Nanoseconds; the newest commit on disk. Queries read here. */
  get durableTs(): bigint {
    return this.store.durableTs;
  }

  /** Nanoseconds; the oldest snapshot that can still be read. */
  get oldestTs(): bigint {
    return this.store.oldestTs;
  }

  get catalog(): Catalog {
    return this.store.catalog;
  }

  /** Resolves when a write to disk has failed and the process should end. */
  get failure(): Promise<DatabaseBrokenError> {
    return this.#failure.promise;
  }

  /** A read-only transaction on the snapshot `ts`. Must be closed. Throws a SnapshotTooOldError. */
  beginRead(ts: bigint = this.durableTs): Transaction {
    this.#assertUsable();
    if (ts < this.oldestTs) {
      throw new SnapshotTooOldError(
        `The snapshot ${ts} is no longer kept (oldest: ${this.oldestTs})`,
      );
    }
    return this.#open(new Transaction(this, ts, false));
  }

  /** Runs `work` alone among all that write, in the order of the calls. */
  exclusive<T>(work: () => Promise<T> | T): Promise<T> {
    return this.#writer.run(work);
  }

  /** A read-write transaction on the newest commit. Only inside `exclusive`. Must be closed. */
  beginWrite(): Transaction {
    this.#assertUsable();
    return this.#open(new Transaction(this, this.latestTs, true));
  }

  /**
   * Applies the staged writes. They are seen by later mutations at once, and by queries when
   * `durable` resolves. Without writes, the answer is the newest commit there is.
   */
  commit(transaction: Transaction): { ts: bigint; durable: Promise<void> } {
    this.#assertUsable();
    const { changes, catalog, answers } = transaction.stagedCommit();
    if (changes.size === 0 && !catalog && answers.length === 0) {
      return { ts: this.latestTs, durable: this.#flush?.promise ?? Promise.resolve() };
    }
    const ts = this.#nextTs();
    for (const schema of this.#pendingSchemas) schema.observe(transaction, changes.values());
    try {
      this.store.apply(ts, changes, catalog, answers);
    } catch (error) {
      throw this.#breakDown(error);
    }
    const durable = this.#scheduleFlush();
    const isLong = performance.now() - this.#gatheringSince > LONGEST_GATHERING_MS;
    if (isLong && !this.#isHeld) this.#flushNow();
    return { ts, durable };
  }

  /** One write of the deployment's own: alone, committed and on disk when the promise resolves. */
  async write<T>(work: (transaction: Transaction) => T): Promise<T> {
    const { result, durable } = await this.exclusive(() => {
      const transaction = this.beginWrite();
      try {
        const result = work(transaction);
        return { result, durable: this.commit(transaction).durable };
      } finally {
        transaction.close();
      }
    });
    await durable;
    return result;
  }

  /**
   * Commits what the steps do one by one, and puts it on disk as a whole: until then mutations wait
   * and queries see nothing of it. A failure of the first step leaves everything as it was; one of a
   * later step ends the database, whose file then holds nothing of any step.
   */
  async writeAll(steps: AsyncIterable<(transaction: Transaction) => void>): Promise<void> {
    const { durable } = await this.exclusive(async () => {
      this.#flushNow();
      this.#isHeld = true;
      let isBegun = false;
      try {
        for await (const step of steps) {
          const transaction = this.beginWrite();
          try {
            step(transaction);
            this.commit(transaction);
            isBegun = true;
          } finally {
            transaction.close();
          }
        }
      } catch (error) {
        throw isBegun ? this.#breakDown(error) : error;
      } finally {
        this.#isHeld = false;
      }
      return { durable: this.#scheduleFlush() };
    });
    await durable;
  }

  /**
   * Runs `work` while the data file itself, without its log, holds everything acknowledged so far
   * and does not change. Commits go on.
   */
  async whileUnchanged(work: () => Promise<void>): Promise<void> {
    const release = await this.exclusive(() => {
      this.#assertUsable();
      this.#flushNow();
      return this.store.hold();
    });
    try {
      await work();
      this.#assertUsable();
    } finally {
      if (!this.#isClosed && !this.#broken) release();
    }
  }

  /** Calls the listener after each flush, in order, for every commit that is now on disk. */
  onCommit(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Puts everything on disk and closes the file. */
  close(): void {
    if (this.#isClosed) return;
    if (this.#isHeld) this.#breakDown(new Error("it was closed in the middle of a large write"));
    if (!this.#broken) this.#flushNow();
    this.#isClosed = true;
    if (this.#broken) this.store.abandon();
    else this.store.close();
  }

  /** A schema that is being prepared sees every commit until it is withdrawn. */
  addPendingSchema(schema: PendingSchema): () => void {
    this.#pendingSchemas.add(schema);
    return () => this.#pendingSchemas.delete(schema);
  }

  indexesWanted(component: string, tableName: string): readonly Pick<Index, "name" | "fields">[] {
    return [...this.#pendingSchemas].flatMap((schema) => schema.indexesOf(component, tableName));
  }

  searchIndexesWanted(component: string, tableName: string): readonly NewSearchIndex[] {
    return [...this.#pendingSchemas].flatMap((schema) =>
      schema.searchIndexesOf(component, tableName),
    );
  }

  nextCreationTime(): number {
    this.#lastCreationTime = Math.max(this.#now(), this.#lastCreationTime + CREATION_TIME_STEP);
    return this.#lastCreationTime;
  }

  closed(transaction: Transaction): void {
    this.#readers.delete(transaction);
  }

  /** Runs work on the store that belongs to no transaction (backfill) and puts it on disk. */
  async maintain<T>(work: (store: Store) => T): Promise<T> {
    const { result, durable } = await this.exclusive(() => {
      this.#assertUsable();
      try {
        return { result: work(this.store), durable: this.#scheduleFlush() };
      } catch (error) {
        throw this.#breakDown(error);
      }
    });
    await durable;
    return result;
  }

  #open(transaction: Transaction): Transaction {
    this.#readers.add(transaction);
    return transaction;
  }

  /** Never backwards, also when the clock is. */
  #nextTs(): bigint {
    const now = BigInt(Math.floor(this.#now())) * NANOSECONDS_PER_MILLISECOND;
    const next = this.latestTs + 1n;
    return now > next ? now : next;
  }

  #scheduleFlush(): Promise<void> {
    if (!this.#flush) {
      this.#flush = Promise.withResolvers<void>();
      this.#gatheringSince = performance.now();
      // Not everybody waits; a failure reaches those who do.
      this.#flush.promise.catch(() => {});
    }
    if (!this.#isHeld) this.#flushTimer ??= setImmediate(() => this.#flushNow());
    return this.#flush.promise;
  }

  #flushNow(): void {
    const waiting = this.#flush;
    this.#flush = null;
    if (this.#flushTimer) clearImmediate(this.#flushTimer);
    this.#flushTimer = null;
    if (this.#broken || this.#isClosed) {
      waiting?.reject(this.#broken ?? new DatabaseBrokenError("it is closed"));
      return;
    }
    let commits: Commit[];
    let hasMoreToPurge: boolean;
    try {
      hasMoreToPurge = this.store.purge();
      commits = this.store.flush();
    } catch (error) {
      waiting?.reject(this.#breakDown(error));
      return;
    }
    this.#trim();
    waiting?.resolve();
    for (const commit of commits) {
      for (const listener of this.#listeners) listener(commit);
    }
    if (hasMoreToPurge) void this.#scheduleFlush();
    setImmediate(() => this.#settle());
  }

  /** While nobody waits, what was just answered gets to where it is read. */
  #settle(): void {
    if (this.#broken || this.#isClosed) return;
    try {
      this.store.settle();
    } catch (error) {
      this.#breakDown(error);
    }
  }

  #trim(): void {
    let needed = this.durableTs;
    for (const reader of this.#readers) {
      if (reader.snapshotTs < needed) needed = reader.snapshotTs;
    }
    this.store.trim(needed);
  }

  #breakDown(error: unknown): DatabaseBrokenError {
    this.#broken ??= new DatabaseBrokenError(error);
    this.#failure.resolve(this.#broken);
    return this.#broken;
  }

  #assertUsable(): void {
    if (this.#broken) throw this.#broken;
    if (this.#isClosed) throw new DatabaseBrokenError("it is closed");
  }
}
