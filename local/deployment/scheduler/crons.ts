import type { FunctionCall } from "../functions/call.ts";
import type { FunctionRunner } from "../functions/runner.ts";
import { onTableChange, readDurable, readRows, type SystemRow } from "../system-rows.ts";
import type { Database } from "../transaction/database.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { Alarm } from "./alarm.ts";
import { firstRun, nextRun, scheduleFault, type CronSchedule } from "./cron-schedule.ts";
import { CRON_RUNS_TABLE } from "./tables.ts";

const JOBS = "_cron_jobs";
const RUNS = CRON_RUNS_TABLE.name;

interface CronJob {
  readonly name: string;
  readonly call: FunctionCall;
  readonly schedule: CronSchedule;
}

/** When a job is due next; kept so that a restart neither repeats nor forgets a run. */
interface CronRun {
  readonly id: string;
  readonly schedule: string;
  readonly nextTime: number;
}

/**
 * Runs the jobs of `crons.ts`, each at most once for each time that it is due, never two of the
 * same at once. Times that passed while the deployment was down, or the job still ran, are skipped.
 */
export class Crons {
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
    this.#stopListening = onTableChange(this.#database, JOBS, () => {
      this.#adopt().catch(this.#onInternalError);
    });
    await this.#adopt();
  }

  /** Starts nothing more; resolves when what runs has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#alarm.clear();
    this.#stopListening?.();
    await Promise.allSettled(this.#running.values());
  }

  /** Takes over the jobs of the last push: new ones and changed ones begin anew. */
  async #adopt(): Promise<void> {
    await this.#database.write((tx) => {
      const jobs = readJobs(tx);
      const runs = readRuns(tx);
      for (const { name, schedule } of jobs.values()) {
        // A push refuses such a job. One that is there all the same must not take the others along.
        const fault = scheduleFault(schedule);
        if (fault === null) continue;
        this.#onInternalError(new Error(`The cron job "${name}" cannot run: ${fault}.`));
        jobs.delete(name);
      }
      for (const [name, { id }] of runs) if (!jobs.has(name)) tx.delete("", id);
      for (const job of jobs.values()) adoptJob(tx, job, runs.get(job.name));
    });
    this.#look();
  }

  #look(): void {
    if (this.#isStopped) return;
    const { jobs, runs } = readDurable(this.#database, (tx) => ({
      jobs: readJobs(tx),
      runs: readRuns(tx),
    }));
    const now = Date.now();
    let earliest = Infinity;
    for (const [name, run] of runs) {
      const job = jobs.get(name);
      if (job === undefined || this.#running.has(name)) continue;
      if (run.nextTime <= now) this.#start(job, run);
      else earliest = Math.min(earliest, run.nextTime);
    }
    if (earliest !== Infinity) this.#alarm.set(earliest);
  }

  #start(job: CronJob, run: CronRun): void {
    const ended = this.#run(job, run)
      .catch(this.#onInternalError)
      .finally(() => {
        this.#running.delete(job.name);
        this.#look();
      });
    this.#running.set(job.name, ended);
  }

  /** The next time is on disk before the job begins, so a crash repeats nothing. */
  async #run({ name, call, schedule }: CronJob, { id, nextTime }: CronRun): Promise<void> {
    await this.#database.write((tx) => {
      tx.patch("", id, { nextTime: nextRun(name, schedule, nextTime, Date.now()) });
    });
    const kind = await this.#runner.kindOf(call.componentPath, call.path);
    if (kind === "mutation") await this.#runner.runMutation(call);
    else if (kind === "action") await this.#runner.runAction(call);
    else throw new Error(`The cron job "${name}" names no mutation or action: ${call.path}`);
  }
}

function adoptJob(tx: Transaction, job: CronJob, known: CronRun | undefined): void {
  const schedule = JSON.stringify(job.schedule);
  if (known?.schedule === schedule) return;
  const nextTime = firstRun(job.name, job.schedule, Date.now());
  if (known === undefined) tx.insert("", RUNS, { name: job.name, schedule, nextTime });
  else tx.patch("", known.id, { schedule, nextTime });
}

function readJobs(tx: Transaction): Map<string, CronJob> {
  const rows = readRows(tx, `${JOBS}.by_creation_time`, []).map(cronJob);
  return new Map(rows.map((job) => [job.name, job]));
}

function cronJob({ json }: SystemRow): CronJob {
  const row = JSON.parse(json) as {
    name: string;
    function: string;
    componentPath?: string;
    args: unknown;
    schedule: CronSchedule;
  };
  const { schedule, componentPath = "" } = row;
  // Components name their jobs without knowing of each other.
  const name = componentPath === "" ? row.name : `${row.name}\n${componentPath}`;
  const args = JSON.stringify(row.args);
  const call = { path: row.function, componentPath, args, identity: null, caller: "cron" } as const;
  return { name, call, schedule };
}

function readRuns(tx: Transaction): Map<string, CronRun> {
  const runs = new Map<string, CronRun>();
  for (const { id, value } of readRows(tx, `${RUNS}.by_creation_time`, [])) {
    const { name, schedule, nextTime } = value as {
      name: string;
      schedule: string;
      nextTime: number;
    };
    runs.set(name, { id, schedule, nextTime });
  }
  return runs;
}
