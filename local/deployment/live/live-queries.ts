import type { FunctionCall } from "../functions/call.ts";
import type { FunctionRunner } from "../functions/runner.ts";
import type { Commit } from "../store/commit-log.ts";
import type { Database } from "../transaction/database.ts";
import { IntervalIndex } from "./interval-index.ts";
import { LiveQuery, LiveResult, type Watcher } from "./live-query.ts";

/** What is watched: a call, and what the last execution left for the next one. */
export interface LiveCall {
  readonly call: FunctionCall;
  readonly journal: string | null;
}

/** A result nobody watches is kept this long, for whoever comes right back (a reload, a tab). */
const UNWATCHED_GRACE_MS = 5_000;

/**
 * The queries that are being watched, each executed once however many clients watch it.
 *
 * A result stays valid until a commit writes into a range that it read; an index of those ranges
 * finds exactly the results that a commit touches, so a write costs what it touches and not what
 * is subscribed. Results are shared between callers with the same path, arguments and journal, and
 * between identities too as long as the query does not ask who is calling.
 */
export class LiveQueries {
  readonly #runner: FunctionRunner;
  readonly #queries = new Map<string, LiveQuery>();
  /** Per index: which ranges the valid results read. */
  readonly #ranges = new Map<number, IntervalIndex<LiveResult>>();
  /** Results that nobody watches, or that no longer hold, with the time since when. */
  readonly #unwatched = new Map<LiveResult, number>();
  /** Commits that a running query may have missed; kept only while one runs. */
  #recentCommits: Commit[] = [];
  #running = 0;
  #executions = 0;
  readonly #stopListening: () => void;
  readonly #sweeper: NodeJS.Timeout;

  constructor(database: Database, runner: FunctionRunner) {
    this.#runner = runner;
    this.#stopListening = database.onCommit((commit) => this.#onCommit(commit));
    this.#sweeper = setInterval(() => this.#sweep(Date.now()), UNWATCHED_GRACE_MS).unref();
  }

  /** How many results are kept, and how many executions there were since the start. */
  get metrics(): { readonly results: number; readonly executions: number } {
    let results = 0;
    for (const query of this.#queries.values()) results += query.resultCount;
    return { results, executions: this.#executions };
  }

  /**
   * The query's result on the snapshot `ts`, which must still be readable. At once when it is
   * known; otherwise from one execution that everyone shares who asks meanwhile.
   *
   * @throws whatever is not the function's own failure: that one is a result.
   */
  resultAt(live: LiveCall, ts: bigint): LiveResult | Promise<LiveResult> {
    const query = this.#queryOf(live);
    return query.known(identityKey(live.call), ts) ?? this.#execute(query, live, ts);
  }

  /**
   * Tells the watcher when the result stops holding. False when that has happened already; the
   * watcher is then not told.
   */
  watch(result: LiveResult, watcher: Watcher): boolean {
    if (!result.isCurrent) return false;
    result.watch(watcher);
    this.#unwatched.delete(result);
    return true;
  }

  unwatch(result: LiveResult, watcher: Watcher): void {
    result.unwatch(watcher);
    if (result.isCurrent && !result.isWatched) this.#unwatched.set(result, Date.now());
  }

  close(): void {
    clearInterval(this.#sweeper);
    this.#stopListening();
  }

  #queryOf(live: LiveCall): LiveQuery {
    const key = signature(live);
    const known = this.#queries.get(key);
    if (known !== undefined) return known;
    const query = new LiveQuery(key);
    this.#queries.set(key, query);
    return query;
  }

  async #execute(query: LiveQuery, live: LiveCall, ts: bigint): Promise<LiveResult> {
    const identity = identityKey(live.call);
    const running = query.runningAt(ts, identity);
    if (running === undefined) {
      const run = query.track(ts, identity, this.#run(query, live, ts));
      return await run.finally(() => this.#forgetIfEmpty(query));
    }
    const result = await running;
    const isOurs = result.facts.identityKey === null || result.facts.identityKey === identity;
    return isOurs ? result : await this.resultAt(live, ts);
  }

  async #run(query: LiveQuery, { call, journal }: LiveCall, ts: bigint): Promise<LiveResult> {
    this.#running++;
    this.#executions++;
    try {
      const outcome = await this.#runner.runQuery(call, { ts, journal });
      const result = new LiveResult(query, outcome, {
        ts,
        journal: outcome.journal,
        identityKey: outcome.usedIdentity ? identityKey(call) : null,
        ranges: outcome.readSet.ranges(),
      });
      const missed = this.#recentCommits.find(
        (commit) => commit.ts > ts && outcome.readSet.touches(commit.writes),
      );
      if (missed === undefined) this.#keep(query, result);
      else result.invalidate(missed.ts);
      return result;
    } finally {
      this.#running--;
      if (this.#running === 0) this.#recentCommits = [];
    }
  }

  #keep(query: LiveQuery, result: LiveResult): void {
    const present = query.keep(result);
    if (present !== undefined && present.facts.ts > result.facts.ts) {
      // Nobody could be told about this one: whoever asked goes on to the newer.
      result.invalidate(present.facts.ts);
      return;
    }
    // Nobody finds it any more.
    if (present?.isCurrent === false) this.#unwatched.delete(present);
    for (const [index, intervals] of result.facts.ranges) {
      let ranges = this.#ranges.get(index);
      if (ranges === undefined) this.#ranges.set(index, (ranges = new IntervalIndex()));
      for (const interval of intervals) ranges.add(interval, result);
    }
    this.#unwatched.set(result, Date.now());
  }

  #release(result: LiveResult): void {
    for (const [index, intervals] of result.facts.ranges) {
      const ranges = this.#ranges.get(index);
      if (ranges === undefined) continue;
      for (const interval of intervals) ranges.remove(interval, result);
      if (ranges.size === 0) this.#ranges.delete(index);
    }
    this.#unwatched.delete(result);
  }

  #onCommit(commit: Commit): void {
    if (this.#running > 0) this.#recentCommits.push(commit);
    const touched = new Set<LiveResult>();
    for (const [index, keys] of commit.writes) {
      const ranges = this.#ranges.get(index);
      if (ranges === undefined) continue;
      for (const key of keys) ranges.stab(key, (result) => touched.add(result));
    }
    for (const result of touched) {
      this.#release(result);
      // It still serves those who are answering for an earlier time.
      this.#unwatched.set(result, Date.now());
      result.invalidate(commit.ts);
    }
  }

  #sweep(now: number): void {
    for (const [result, since] of this.#unwatched) {
      if (now - since < UNWATCHED_GRACE_MS) break;
      this.#release(result);
      result.query.drop(result);
      this.#forgetIfEmpty(result.query);
    }
  }

  #forgetIfEmpty(query: LiveQuery): void {
    if (query.isForgettable && this.#queries.get(query.key) === query) {
      this.#queries.delete(query.key);
    }
  }
}

function identityKey(call: FunctionCall): string {
  return call.identity?.cacheKey ?? "";
}

/** Equal for calls that give the same result to the same identity. */
function signature({ call, journal }: LiveCall): string {
  return JSON.stringify([call.caller, call.componentPath, call.path, call.args, journal]);
}
