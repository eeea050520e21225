import { setImmediate as nextTurn } from "node:timers/promises";
import type { SyncServices } from "./connection.ts";
import * as frames from "./frames.ts";
import type { Call } from "./protocol.ts";
import { ANONYMOUS, type SessionIdentity } from "./session-identity.ts";
import { afterAnswers } from "./turn.ts";
import { WatchedQuery } from "./watched-query.ts";

/** Transitions on their way to the network beyond which no further one is computed. */
const MAX_UNSENT = 2;
const QUERIES_AT_ONCE = 20;

export interface LoopEvents {
  send(text: string, onSent: () => void): void;
  onExpired(message: string): void;
  onFailed(error: unknown): void;
}

/**
 * Keeps one client's view up to date: transition after transition, each with all results at one
 * timestamp, each starting at the version where the one before ended.
 *
 * A round takes a snapshot time, brings every stale query to it, and sends what changed. What goes
 * stale meanwhile is left for the next round, so steady writes never hold a client back; a client
 * that reads slowly skips the versions between.
 */
export class TransitionLoop {
  readonly #services: SyncServices;
  readonly #events: LoopEvents;
  readonly #queries = new Map<number, WatchedQuery>();
  readonly #stale = new Set<WatchedQuery>();
  #removed: number[] = [];
  #identity: SessionIdentity = ANONYMOUS;
  /** As the client last demanded it. */
  #querySet = 0;
  #identityVersion = 0;
  /** As the client last learned it. */
  #sent = { querySet: 0, identity: 0, ts: 0n };
  #sentText = frames.versionText(0, 0, 0n);
  #isDemanded = false;
  #isScheduled = false;
  #isRunning = false;
  #unsent = 0;
  #isClosed = false;
  /** The client's clock minus ours. */
  clientClockSkewMs = 0;

  constructor(services: SyncServices, events: LoopEvents) {
    this.#services = services;
    this.#events = events;
  }

  get querySetVersion(): number {
    return this.#querySet;
  }

  get identityVersion(): number {
    return this.#identityVersion;
  }

  /** Every query may depend on who asks: all of them are computed anew. */
  setIdentity(identity: SessionIdentity): void {
    this.#identity = identity;
    this.#identityVersion++;
    for (const query of this.#queries.values()) this.#stale.add(query);
    this.#schedule();
  }

  setQuerySetVersion(version: number): void {
    this.#querySet = version;
    this.#schedule();
  }

  /** Takes effect with the next {@link setQuerySetVersion}. */
  add(queryId: number, call: Call, journal: string | null): void {
    const former = this.#queries.get(queryId);
    if (former !== undefined) this.#forget(former);
    const query = new WatchedQuery(queryId, call, journal, () => {
      this.#stale.add(query);
      this.#schedule();
    });
    this.#queries.set(queryId, query);
    this.#stale.add(query);
  }

  remove(queryId: number): void {
    const query = this.#queries.get(queryId);
    if (query !== undefined) this.#forget(query);
    this.#removed.push(queryId);
  }

  /** Sends a transition even if no result changed. */
  demandTransition(): void {
    this.#isDemanded = true;
    this.#schedule();
  }

  close(): void {
    this.#isClosed = true;
    for (const query of this.#queries.values()) this.#forget(query);
  }

  #forget(query: WatchedQuery): void {
    query.end(this.#services);
    this.#queries.delete(query.queryId);
    this.#stale.delete(query);
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isRunning || this.#isClosed) return;
    if (this.#unsent >= MAX_UNSENT) return;
    this.#isScheduled = true;
    afterAnswers(() => void this.#round());
  }

  get #hasWork(): boolean {
    const { querySet, identity } = this.#sent;
    return (
      this.#stale.size > 0 ||
      this.#isDemanded ||
      querySet !== this.#querySet ||
      identity !== this.#identityVersion
    );
  }

  async #round(): Promise<void> {
    this.#isScheduled = false;
    if (this.#isClosed || !this.#hasWork) return;
    this.#isRunning = true;
    try {
      await this.#transition();
    } catch (error) {
      this.#events.onFailed(error);
    } finally {
      this.#isRunning = false;
    }
    if (this.#hasWork) this.#schedule();
  }

  async #transition(): Promise<void> {
    const { identity, caller } = this.#identity;
    if (identity?.expiresAt !== undefined && Date.now() >= identity.expiresAt) {
      this.#events.onExpired("The token has expired.");
      return;
    }
    const ts = this.#services.database.durableTs;
    const end = { querySet: this.#querySet, identity: this.#identityVersion, ts };
    const isDemanded = this.#isDemanded;
    const stale = [...this.#stale];
    const modifications = this.#removed.map(frames.queryRemovedText);
    this.#isDemanded = false;
    this.#stale.clear();
    this.#removed = [];
    if (stale.length > 0) await this.#compute(stale, ts, { identity, caller });
    if (this.#isClosed) return;
    for (const query of stale) {
      const news = this.#queries.get(query.queryId) === query ? query.takeNews() : null;
      if (news !== null) modifications.push(frames.queryResultText(query.queryId, news));
    }
    const { querySet, identity: identityVersion } = this.#sent;
    const isVersionNew = querySet !== end.querySet || identityVersion !== end.identity;
    if (isVersionNew || isDemanded || modifications.length > 0) {
      this.#sendTransition(end, modifications);
    }
  }

  /** Brings the queries to `ts`, which stays readable until all are there. */
  async #compute(
    stale: readonly WatchedQuery[],
    ts: bigint,
    identity: SessionIdentity,
  ): Promise<void> {
    const pin = this.#services.database.beginRead(ts);
    try {
      const pending: Promise<void>[] = [];
      for (const query of stale) {
        const result = query.refresh(this.#services, ts, identity);
        if (result !== undefined) pending.push(result);
        if (pending.length < QUERIES_AT_ONCE) continue;
        await Promise.all(pending.splice(0));
        // A reconnect asks for hundreds of queries at once; others get their turn in between.
        await nextTurn();
        if (this.#isClosed) return;
      }
      await Promise.all(pending);
    } finally {
      pin.close();
    }
  }

  #sendTransition(
    end: { querySet: number; identity: number; ts: bigint },
    modifications: readonly string[],
  ): void {
    const endText = frames.versionText(end.querySet, end.identity, end.ts);
    const skew = end.identity === this.#sent.identity ? null : this.clientClockSkewMs;
    const text = frames.transitionText(this.#sentText, endText, modifications, skew);
    this.#sent = end;
    this.#sentText = endText;
    const { chunkLength } = this.#services;
    const parts = text.length > chunkLength ? frames.chunkTexts(text, chunkLength) : [text];
    this.#unsent += parts.length;
    for (const part of parts) this.#events.send(part, () => this.#onSent());
  }

  #onSent(): void {
    this.#unsent--;
    if (this.#hasWork) this.#schedule();
  }
}
