import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { FileStorage } from "../files/file-storage.ts";
import type { Journal } from "../syscalls/database-operations.ts";
import type { SignToken } from "../syscalls/sign-jwt.ts";
import type { Database } from "../transaction/database.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { UserError } from "../transaction/user-error.ts";
import { ActionRunner } from "./action-runner.ts";
import { APP } from "./components.ts";
import type {
  FunctionCall,
  FunctionKind,
  FunctionOutcome,
  Identity,
  MutationHooks,
  MutationOutcome,
  QueryOutcome,
} from "./call.ts";
import { accessOf, addressOf, originOf, requestContext } from "./call-parts.ts";
import { ExecutionLog } from "./log/execution-log.ts";
import type { ExecutionRecord } from "./log/execution-record.ts";
import { linkPackages } from "./modules/external-packages.ts";
import { FunctionFailure } from "./failure.ts";
import { parseFunctionPath } from "./modules/function-path.ts";
import type { FunctionSet } from "./modules/function-set.ts";
import { FunctionSets } from "./modules/function-sets.ts";
import { oneOffModule } from "./modules/one-off.ts";
import type { ModuleSource } from "./isolate/isolate.ts";
import { FunctionThreads } from "./function-threads.ts";
import type { Origins } from "./modules/function-sets.ts";
import { Log } from "./log/log.ts";
import { type CallOrigin, Overruns } from "./overruns.ts";
import { resolveFunction } from "./modules/resolve.ts";
import { outcomeOf, type Result, settle } from "./result.ts";
import { isSystemPath, runSystemQuery } from "./system-query.ts";
import type { SystemQuery } from "./system-query.ts";
import { TransactionRun } from "./transaction-run.ts";
import type { TransactionRunOptions } from "./transaction-run.ts";
import { untilDone } from "./threads/thread-ended.ts";

export interface FunctionRunnerOptions {
  readonly database: Database;
  readonly files: FileStorage;
  /** `ctx.auth.signJwt`. */
  readonly signToken: SignToken;
  readonly origins: Origins;
  /** Holds the bundles of Node's modules, in a folder of its own. */
  readonly dataDir: string;
  /** Where packages are installed that are not bundled; by default a folder above `dataDir`. */
  readonly packagesDir?: string | undefined;
  /** In production clients learn neither why a function failed nor what it printed. */
  readonly production: boolean;
  /** How long functions in a thread of their own may compute at a stretch, in milliseconds of its processor time. */
  readonly turnLimitMs?: number | undefined;
  /** The same in Node's runtime. */
  readonly nodeTurnLimitMs?: number | undefined;
  /** Calls that are known not to end. */
  readonly overruns?: readonly CallOrigin[] | undefined;
  /** Whether all functions stay in a thread of their own, because one of them has filled the memory. */
  readonly hasFilledMemory?: boolean | undefined;
  /** Is given each execution as it ends. */
  readonly onExecution?: ((record: ExecutionRecord) => void) | undefined;
  /** The deployment's own queries by path, for the admin. */
  readonly systemQueries: Readonly<Record<string, SystemQuery>>;
}

/** Runs pushed functions. All that goes in and out is text; the database is the only state. */
export class FunctionRunner {
  readonly sets: FunctionSets;
  readonly executions: ExecutionLog;
  readonly overruns: Overruns;
  readonly #options: FunctionRunnerOptions;
  readonly #threads: FunctionThreads;
  readonly #actions: ActionRunner;

  constructor(options: FunctionRunnerOptions) {
    const { database, origins, dataDir, packagesDir } = options;
    const nodeFolder = join(dataDir, "node-modules");
    if (packagesDir !== undefined) linkPackages(nodeFolder, packagesDir);
    this.#options = options;
    this.executions = new ExecutionLog(options.onExecution);
    this.overruns = new Overruns(options.overruns ?? []);
    this.#threads = new FunctionThreads(options, (call) => this.overruns.add(call));
    this.sets = new FunctionSets(database, origins, nodeFolder, this.#threads);
    const { sets, executions, overruns } = this;
    const run = (kind: FunctionKind, call: FunctionCall) => this.#runKind(kind, call);
    this.#actions = new ActionRunner({ ...options, sets, executions, overruns, run });
  }

  /**
   * Runs a query on the snapshot `ts` (the newest durable one when left out). The same call on the
   * same snapshot gives the same result, as long as the query does not look at the clock.
   *
   * @param at.journal what an earlier run of the same query returned, to get the same page again.
   */
  runQuery(call: FunctionCall, at: { ts?: bigint; journal: string | null }): Promise<QueryOutcome> {
    return untilDone(() => this.#runQuery(call, at));
  }

  /** Runs the default export of a module that nobody has pushed, as a query of a component's. */
  runOneOffQuery(source: string, call: Omit<FunctionCall, "path">): Promise<FunctionOutcome> {
    const { path, modules } = oneOffModule(source);
    return untilDone(() => this.#runQuery({ ...call, path }, { journal: null, modules }));
  }

  async #runQuery(
    call: FunctionCall,
    at: { ts?: bigint; journal: string | null; modules?: readonly ModuleSource[] },
  ): Promise<QueryOutcome> {
    const sets = at.modules === undefined ? this.sets : this.#setsWith(at.modules, call);
    const tx = this.#options.database.beginRead(at.ts);
    const journal: Journal = { previous: at.journal, next: null };
    const log = new Log();
    const request = requestContext(call);
    const seed = () => `${call.path}\0${call.args}\0${tx.snapshotTs}`;
    try {
      const run = this.#runOf(call, { tx, request, log, seed, journal, sets });
      const result = isSystemPath(call.path)
        ? await settle(async () =>
            runSystemQuery(this.#options.systemQueries, call, tx, () => sets.at(tx, APP)),
          )
        : await this.#runIn(run, call, "query", request.id, log);
      const { production } = this.#options;
      return {
        ...outcomeOf(result, call, { requestId: request.id, log, production }),
        ts: tx.snapshotTs,
        readSet: tx.readSet,
        journal: journal.next ?? at.journal,
        usedIdentity: run.usedIdentity,
      };
    } finally {
      tx.close();
    }
  }

  /**
   * Runs a mutation alone and waits until its commit is on disk.
   *
   * @throws what a hook throws, after which nothing of the mutation remains.
   */
  runMutation(call: FunctionCall, hooks: MutationHooks = {}): Promise<MutationOutcome> {
    return untilDone(() => this.#runMutation(call, hooks));
  }

  async #runMutation(call: FunctionCall, hooks: MutationHooks): Promise<MutationOutcome> {
    const { database } = this.#options;
    const { outcome, commit } = await database.exclusive(async () => {
      const tx = database.beginWrite();
      try {
        hooks.beforeRun?.(tx);
        const done = await this.#mutate(call, tx);
        if (!done.ok) return { outcome: done, commit: null };
        hooks.beforeCommit?.(tx, done);
        return { outcome: done, commit: database.commit(tx) };
      } finally {
        tx.close();
      }
    });
    if (commit === null) return outcome;
    await commit.durable;
    return { ...outcome, ts: commit.ts };
  }

  runAction(call: FunctionCall): Promise<FunctionOutcome> {
    return this.#actions.runAction(call);
  }

  /** Answers a request to the site with the app's HTTP actions. */
  runHttpAction(request: Request, identity: Identity | null): Promise<Response> {
    return this.#actions.runHttpAction(request, identity);
  }

  /** Runs a function of whatever kind it is. */
  async runAny(call: FunctionCall): Promise<FunctionOutcome> {
    if (isSystemPath(call.path)) return this.runQuery(call, { journal: null });
    // A function that is not there fails as a query does, with the same words.
    return this.#runKind((await this.kindOf(call.componentPath, call.path)) ?? "query", call);
  }

  /** Null when there is no such function, or its module does not load. */
  async kindOf(componentPath: string, path: string): Promise<FunctionKind | null> {
    try {
      const set = this.sets.now(componentPath);
      return (await resolveFunction(set, parseFunctionPath(path), "any")).kind;
    } catch (error) {
      if (error instanceof FunctionFailure || error instanceof UserError) return null;
      throw error;
    }
  }

  /** Other code may do better. */
  trustAgain(): void {
    this.overruns.forget();
    this.#threads.keepsAll = false;
  }

  /** Ends what still runs in threads of its own. */
  async close(): Promise<void> {
    await this.#threads.close();
  }

  async #mutate(call: FunctionCall, tx: Transaction): Promise<FunctionOutcome> {
    const log = new Log();
    const request = requestContext(call);
    const own = { tx, request, log, seed: randomUUID, journal: null, sets: this.sets };
    const run = this.#runOf(call, own);
    const result = await this.#runIn(run, call, "mutation", request.id, log);
    const { production } = this.#options;
    return outcomeOf(result, call, { requestId: request.id, log, production });
  }

  /** In the component of the call, with modules beside its own. */
  #setsWith(
    modules: readonly ModuleSource[],
    { componentPath }: FunctionCall,
  ): Pick<FunctionSets, "at"> {
    let own: FunctionSet | undefined;
    return {
      at: (tx, path) =>
        path === componentPath
          ? (own ??= this.sets.with(tx, path, modules))
          : this.sets.at(tx, path),
    };
  }

  #runOf(
    call: FunctionCall,
    own: Pick<TransactionRunOptions, "tx" | "request" | "log" | "seed" | "journal" | "sets">,
  ): TransactionRun {
    const { database, files, signToken } = this.#options;
    return new TransactionRun({
      ...own,
      database,
      files,
      signToken,
      origin: originOf(call),
    });
  }

  #runIn(
    run: TransactionRun,
    call: FunctionCall,
    kind: "query" | "mutation",
    requestId: string,
    log: Log,
  ): Promise<Result> {
    const title = kind === "query" ? "Query" : "Mutation";
    const of = { kind: title, requestId, environment: "isolate" } as const;
    return this.executions.record(call, of, log, () =>
      settle(() => {
        this.overruns.refuse(originOf(call));
        return run.run(addressOf(call), kind, call.args, accessOf(call));
      }),
    );
  }

  #runKind(kind: FunctionKind, call: FunctionCall): Promise<FunctionOutcome> {
    switch (kind) {
      case "query":
        return this.runQuery(call, { journal: null });
      case "mutation":
        return this.runMutation(call);
      case "action":
        return this.runAction(call);
    }
  }
}
