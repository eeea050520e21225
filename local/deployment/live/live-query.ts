import type { FunctionOutcome } from "../functions/call.ts";
import { resultTail } from "../sync/frames.ts";
import type { Interval } from "./interval-index.ts";

/** Told once, when the result it watches no longer holds. */
export interface Watcher {
  onInvalidated(): void;
}

/** What one execution of a query depended on. */
export interface ReadFacts {
  /** The snapshot that it was computed on. */
  readonly ts: bigint;
  /** To be handed to the next execution, so that a page keeps its end. */
  readonly journal: string | null;
  /** Whose result this is: null when the query did not ask who is calling. */
  readonly identityKey: string | null;
  /** Every range of every index that it read. */
  readonly ranges: ReadonlyMap<number, readonly Interval[]>;
}

/** One execution of a query, shared by everyone who asks the same, and until when it holds. */
export class LiveResult {
  readonly query: LiveQuery;
  readonly facts: ReadFacts;
  /** The result's wire text without the query's id. */
  readonly tail: string;
  /** Equal for results that a client cannot tell apart: a new request id is no news. */
  readonly fingerprint: string;
  readonly #watchers = new Set<Watcher>();
  #invalidatedAt: bigint | null = null;

  constructor(query: LiveQuery, outcome: FunctionOutcome, facts: ReadFacts) {
    this.query = query;
    this.facts = facts;
    this.tail = resultTail(outcome, facts.journal);
    this.fingerprint = outcome.ok ? this.tail : this.tail.replace(/\[Request ID: [^\]]*\]/, "");
  }

  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  /** False as soon as some commit changed what was read. */
  get isCurrent(): boolean {
    return this.#invalidatedAt === null;
  }

  /** Whether an execution on the snapshot `ts` would give this very result. */
  holdsAt(ts: bigint): boolean {
    return this.facts.ts <= ts && (this.#invalidatedAt === null || ts < this.#invalidatedAt);
  }

  watch(watcher: Watcher): void {
    this.#watchers.add(watcher);
  }

  unwatch(watcher: Watcher): void {
    this.#watchers.delete(watcher);
  }

  /** @param ts of the first commit that changed what was read. */
  invalidate(ts: bigint): void {
    if (this.#invalidatedAt !== null) return;
    this.#invalidatedAt = ts;
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    for (const watcher of watchers) watcher.onInvalidated();
  }
}

/** A function with its arguments and journal: its newest results, and who is computing one. */
export class LiveQuery {
  readonly key: string;
  /** By identity; null holds the result that everybody shares. */
  readonly #results = new Map<string | null, LiveResult>();
  readonly #running = new Map<string, Promise<LiveResult>>();
  /** What the last execution did; before the first, it is expected not to ask who calls. */
  #usesIdentity = false;

  constructor(key: string) {
    this.key = key;
  }

  get resultCount(): number {
    return this.#results.size;
  }

  get isForgettable(): boolean {
    return this.#results.size === 0 && this.#running.size === 0;
  }

  /** A result that holds for this identity at this time, if one is known. */
  known(identityKey: string, ts: bigint): LiveResult | undefined {
    for (const owner of [null, identityKey]) {
      const result = this.#results.get(owner);
      if (result?.holdsAt(ts)) return result;
    }
    return undefined;
  }

  /**
   * An execution under way whose result may serve this identity too. Identities wait for each
   * other only while the query looks like one that does not ask for them.
   */
  runningAt(ts: bigint, identityKey: string): Promise<LiveResult> | undefined {
    const own = this.#running.get(`${ts} ${identityKey}`);
    if (own !== undefined || this.#usesIdentity) return own;
    for (const [slot, run] of this.#running) if (slot.startsWith(`${ts} `)) return run;
    return undefined;
  }

  /** Remembers the execution until it ends. */
  track(ts: bigint, identityKey: string, run: Promise<LiveResult>): Promise<LiveResult> {
    const slot = `${ts} ${identityKey}`;
    this.#running.set(slot, run);
    return run.finally(() => this.#running.delete(slot));
  }

  /** Keeps the result unless a newer one is there. Gives the one that was there. */
  keep(result: LiveResult): LiveResult | undefined {
    const { identityKey, ts } = result.facts;
    this.#usesIdentity = identityKey !== null;
    const present = this.#results.get(identityKey);
    if (present === undefined || present.facts.ts <= ts) this.#results.set(identityKey, result);
    return present;
  }

  drop(result: LiveResult): void {
    const { identityKey } = result.facts;
    if (this.#results.get(identityKey) === result) this.#results.delete(identityKey);
  }
}
