import type { LiveCall, LiveQueries } from "../live/live-queries.ts";
import type { LiveResult, Watcher } from "../live/live-query.ts";
import type { SyncServices } from "./connection.ts";
import type { Call } from "./protocol.ts";
import type { SessionIdentity } from "./session-identity.ts";

/** One query that one client watches, and the result that the client has of it. */
export class WatchedQuery implements Watcher {
  readonly queryId: number;
  readonly #call: Call;
  readonly #onStale: () => void;
  #journal: string | null;
  #result: LiveResult | null = null;
  #isWatching = false;
  #isEnded = false;
  #toldFingerprint: string | null = null;

  constructor(queryId: number, call: Call, journal: string | null, onStale: () => void) {
    this.queryId = queryId;
    this.#call = call;
    this.#journal = journal;
    this.#onStale = onStale;
  }

  onInvalidated(): void {
    this.#isWatching = false;
    this.#onStale();
  }

  /** Takes the result at `ts`; a promise only if it has to be computed. */
  refresh(
    services: Pick<SyncServices, "live">,
    ts: bigint,
    identity: SessionIdentity,
  ): Promise<void> | undefined {
    const { udfPath: path, componentPath, args } = this.#call;
    const call: LiveCall = {
      call: { path, componentPath, args, ...identity },
      journal: this.#journal,
    };
    const result = services.live.resultAt(call, ts);
    if (result instanceof Promise) return result.then((late) => this.#take(services, late));
    this.#take(services, result);
    return undefined;
  }

  #take({ live }: Pick<SyncServices, "live">, result: LiveResult): void {
    if (this.#isEnded) return;
    this.#stopWatching(live);
    this.#result = result;
    this.#journal = result.facts.journal;
    this.#isWatching = live.watch(result, this);
    if (!this.#isWatching) this.#onStale();
  }

  /** What the client does not know yet, as wire text; null when it would see no difference. */
  takeNews(): string | null {
    const result = this.#result;
    if (result === null || result.fingerprint === this.#toldFingerprint) return null;
    this.#toldFingerprint = result.fingerprint;
    return result.tail;
  }

  /** The client watches it no longer; a result that is still on its way is let go. */
  end({ live }: Pick<SyncServices, "live">): void {
    this.#isEnded = true;
    this.#stopWatching(live);
  }

  #stopWatching(live: LiveQueries): void {
    if (this.#isWatching && this.#result !== null) live.unwatch(this.#result, this);
    this.#isWatching = false;
  }
}
