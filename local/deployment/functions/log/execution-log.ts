import type { FunctionCall } from "../call.ts";
import { displayPath } from "../call-parts.ts";
import type { ExecutionRecord } from "./execution-record.ts";
import type { Log } from "./log.ts";
import type { Result } from "../result.ts";

/**
 * Enough for somebody who looks at the logs after something went wrong. There may be twice as many
 * before the older half is let go of at once: one by one, each execution would move the whole list.
 */
const KEPT_RECORDS = 1_000;

type Outcome = Omit<ExecutionRecord, "logLines" | "startedAt" | "duration">;

interface Entry {
  readonly cursor: number;
  readonly record: ExecutionRecord;
}

/** The newest executions, in the order in which they ended, for whoever watches the logs. */
export class ExecutionLog {
  #entries: Entry[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #onEnd: (record: ExecutionRecord) => void;
  /** Goes on from an earlier process's cursors, which are times too. Milliseconds. */
  #newest = Date.now();

  /** @param onEnd is given each execution as it ends. */
  constructor(onEnd: (record: ExecutionRecord) => void = () => undefined) {
    this.#onEnd = onEnd;
  }

  /** Takes the time of an execution from now to when what this gives is called with the rest. */
  begin(log: Log): (outcome: Outcome) => void {
    const startedAt = Date.now();
    const start = performance.now();
    return (outcome) => {
      const duration = performance.now() - start;
      const { lines: logLines } = log;
      this.#add({ ...outcome, logLines, startedAt, duration });
    };
  }

  /** Runs a call, and keeps what became of it. */
  async record(
    call: FunctionCall,
    of: Pick<ExecutionRecord, "kind" | "requestId" | "environment">,
    log: Log,
    run: () => Promise<Result>,
  ): Promise<Result> {
    const end = this.begin(log);
    const result = await run();
    end({
      ...of,
      identifier: displayPath(call.path),
      componentPath: call.componentPath,
      caller: call.caller,
      error: result.ok ? null : result.failure.message,
      isRefusal: !result.ok && result.failure.data !== undefined,
    });
    return result;
  }

  #add(record: ExecutionRecord): void {
    this.#newest = Math.max(this.#newest + 0.001, Date.now());
    this.#entries.push({ cursor: this.#newest, record });
    if (this.#entries.length >= 2 * KEPT_RECORDS)
      this.#entries = this.#entries.slice(-KEPT_RECORDS);
    for (const wake of this.#waiting) wake();
    this.#onEnd(record);
  }

  /** What ended after the cursor, and the cursor for what comes next. */
  after(cursor: number): { records: ExecutionRecord[]; cursor: number } {
    const entries = this.#entries.filter((entry) => entry.cursor > cursor);
    return { records: entries.map(({ record }) => record), cursor: this.#newest };
  }

  /** Resolves when something ends, or at the signal. */
  async change(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    this.#waiting.delete(resolve);
  }
}
