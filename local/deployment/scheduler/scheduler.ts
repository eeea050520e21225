import type { FunctionCall } from "../functions/call.ts";
import type { FunctionRunner } from "../functions/runner.ts";
import { onTableChange, readDurable, readRows, type SystemRow } from "../system-rows.ts";
import type { Database } from "../transaction/database.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { Alarm } from "./alarm.ts";
import { SCHEDULED_FUNCTIONS_TABLE } from "./tables.ts";

const TABLE = SCHEDULED_FUNCTIONS_TABLE.name;
const DAY_MS = 24 * 60 * 60 * 1000;

/** As many as on Convex's smallest class. */
const JOBS_AT_ONCE = 8;
const RESULTS_KEPT_MS = 7 * DAY_MS;
const DELETIONS_PER_COMMIT = 500;
const RETRY_AFTER_MS = 1_000;

/** Somebody cancelled the job, or it was done already. */
class JobGoneError extends Error {}

/**
 * Runs what functions scheduled, when it is due.
 *
 * A mutation runs exactly once: its effects and the mark that it succeeded are one commit. An
 * action runs at most once: it is marked as begun before it begins, and what a crash left begun
 * has failed.
 */
export class Scheduler {
  readonly #database: Database;
  readonly #runner: FunctionRunner;
  readonly #onInternalError: (error: unknown) => void;
  readonly #running = new Map<string, Promise<void>>();
  readonly #alarm = new Alarm(() => this.#look());
  #stopListening: (() => void) | null = null;
  #isStopped = false;

  constructor(
    database: Database,
    runner: FunctionRunner,
    onInternalError: (error: unknown) => void,
  ) {
    this.#database = database;
    this.#runner = runner;
    this.#onInternalError = onInternalError;
  }

  async start(): Promise<void> {
    await this.#failInterrupted();
    this.#stopListening = onTableChange(this.#database, TABLE, () => this.#alarm.set(0));
    this.#look();
  }

  /** Starts nothing more; resolves when what runs has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#alarm.clear();
    this.#stopListening?.();
    await Promise.allSettled(this.#running.values());
  }

  /** Forgets results that are older than a week. @param now in milliseconds. */
  async removeOld(now: number): Promise<void> {
    for (let more = true; more;) {
      more = await this.#database.write((tx) => removeCompletedBefore(tx, now - RESULTS_KEPT_MS));
    }
  }

  async #failInterrupted(): Promise<void> {
    const error = "The deployment stopped while this action was running.";
    await this.#database.write((tx) => {
      for (const { id } of readRows(tx, `${TABLE}.by_state`, [inState("inProgress")])) {
        complete(tx, id, { kind: "failed", error });
      }
    });
  }

  #look(): void {
    if (this.#isStopped) return;
    const now = Date.now();
    for (const job of this.#pending(JOBS_AT_ONCE + 1)) {
      if (this.#running.size >= JOBS_AT_ONCE) return;
      const time = job.value["scheduledTime"] as number;
      if (time > now) {
        this.#alarm.set(time);
        return;
      }
      this.#start(job);
    }
  }

  /** The next jobs that are not running, in order of time. */
  #pending(limit: number): SystemRow[] {
    const rows = readDurable(this.#database, (tx) =>
      readRows(tx, `${TABLE}.by_state`, [inState("pending")], limit + this.#running.size),
    );
    return rows.filter(({ id }) => !this.#running.has(id));
  }

  #start(job: SystemRow): void {
    const run = this.#run(job)
      .catch(async (error: unknown) => {
        if (error instanceof JobGoneError || this.#isStopped) return;
        this.#onInternalError(error);
        await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS).unref());
      })
      .finally(() => {
        this.#running.delete(job.id);
        if (!this.#isStopped) this.#alarm.set(0);
      });
    this.#running.set(job.id, run);
  }

  async #run(job: SystemRow): Promise<void> {
    const call = functionCall(job);
    const kind = await this.#runner.kindOf(call.componentPath, call.path);
    if (kind === "mutation") return await this.#runMutation(job.id, call);
    if (kind === "action") return await this.#runAction(job.id, call);
    await this.#complete(job.id, {
      kind: "failed",
      error: `There is no mutation or action '${call.path}' to run.`,
    });
  }

  async #runMutation(id: string, call: FunctionCall): Promise<void> {
    const outcome = await this.#runner.runMutation(call, {
      beforeRun: (tx) => claim(tx, id),
      beforeCommit: (tx) => complete(tx, id, { kind: "success" }),
    });
    if (!outcome.ok) {
      await this.#complete(id, { kind: "failed", error: outcome.error.message });
    }
  }

  async #runAction(id: string, call: FunctionCall): Promise<void> {
    await this.#database.write((tx) => claim(tx, id));
    const outcome = await this.#runner.runAction(call);
    const state: JobState = outcome.ok
      ? { kind: "success" }
      : { kind: "failed", error: outcome.error.message };
    await this.#complete(id, state);
  }

  /** A job that was cancelled while it ran stays cancelled. */
  async #complete(id: string, state: JobState): Promise<void> {
    await this.#database.write((tx) => {
      if (isOpen(tx, id)) complete(tx, id, state);
    });
  }
}

type JobState = { readonly kind: "success" } | { readonly kind: "failed"; readonly error: string };

function inState(kind: string) {
  return { type: "Eq", fieldPath: "state.kind", value: kind } as const;
}

function functionCall({ id, json }: SystemRow): FunctionCall {
  const row = JSON.parse(json) as { name: string; componentPath?: string; args: unknown };
  return {
    path: row.name,
    componentPath: row.componentPath ?? "",
    args: JSON.stringify(row.args),
    identity: null,
    caller: "scheduler",
    scheduledFunctionId: id,
  };
}

function stateOf(tx: Transaction, id: string): string | undefined {
  const state = tx.get("", id)?.value["state"] as { kind: string } | undefined;
  return state?.kind;
}

function isOpen(tx: Transaction, id: string): boolean {
  const state = stateOf(tx, id);
  return state === "pending" || state === "inProgress";
}

function claim(tx: Transaction, id: string): void {
  if (stateOf(tx, id) !== "pending") throw new JobGoneError("The job is no longer pending.");
  tx.patch("", id, { state: { kind: "inProgress" } });
}

function complete(tx: Transaction, id: string, state: JobState): void {
  tx.patch("", id, { state: { ...state }, completedTime: Date.now() });
}

/** True when there may be more. */
function removeCompletedBefore(tx: Transaction, time: number): boolean {
  const range = [
    { type: "Gt", fieldPath: "completedTime", value: 0 },
    { type: "Lt", fieldPath: "completedTime", value: time },
  ] as const;
  const old = readRows(tx, `${TABLE}.by_completed`, range, DELETIONS_PER_COMMIT);
  for (const { id } of old) tx.delete("", id);
  return old.length === DELETIONS_PER_COMMIT;
}
