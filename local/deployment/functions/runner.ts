import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { JSONValue } from "convex/values";
import type { FileStorage } from "../files/file-storage.ts";
import type { FunctionAddress } from "../syscalls/address.ts";
import type { Journal } from "../syscalls/database-operations.ts";
import type { RequestContext } from "../syscalls/request-context.ts";
import type { Database } from "../transaction/database.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { UserError } from "../transaction/user-error.ts";
import { ActionRun } from "./action-run.ts";
import { APP, demandMounted } from "./components.ts";
import type {
  FunctionCall,
  FunctionKind,
  FunctionOutcome,
  Identity,
  MutationHooks,
  MutationOutcome,
  QueryOutcome,
} from "./call.ts";
import { ACTION_LIMIT_MS, NODE_ACTION_LIMIT_MS, withDeadline } from "./deadline.ts";
import { accessOf, addressOf, displayPath, originOf, requestContext } from "./call-parts.ts";
import { ExecutionLog } from "./execution-log.ts";
import { linkPackages } from "./external-packages.ts";
import { FunctionFailure } from "./failure.ts";
import { formatFunctionPath, parseFunctionPath } from "./function-path.ts";
import type { FunctionSet } from "./function-set.ts";
import { FunctionSets } from "./function-sets.ts";
import { FunctionThreads } from "./function-threads.ts";
import type { Origins } from "./function-sets.ts";
import { answerWith, failedAnswer, matchRoute, noRoute } from "./http-actions.ts";
import type { MatchedRoute } from "./http-actions.ts";
import { Log } from "./log.ts";
import { type CallOrigin, Overruns } from "./overruns.ts";
import { demandKind, resolveFunction } from "./resolve.ts";
import { outcomeOf, type Result, settle } from "./result.ts";
import { isSystemPath, runSystemQuery } from "./system-query.ts";
import type { SystemQuery } from "./system-query.ts";
import { accessTo, requestWithin, TransactionRun } from "./transaction-run.ts";
import type { TransactionRunOptions } from "./transaction-run.ts";
import { untilDone } from "./threads/thread-ended.ts";
import { checkArguments, checkResult } from "./validation.ts";

export interface FunctionRunnerOptions {
  readonly database: Database;
  readonly files: FileStorage;
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
  /** The deployment's own queries by path, for the admin. */
  readonly systemQueries: Readonly<Record<string, SystemQuery>>;
}

/** Runs pushed functions. All that goes in and out is text; the database is the only state. */
export class FunctionRunner {
  readonly sets: FunctionSets;
  readonly executions = new ExecutionLog();
  readonly overruns: Overruns;
  readonly #options: FunctionRunnerOptions;
  readonly #threads: FunctionThreads;

  constructor(options: FunctionRunnerOptions) {
    const { database, origins, dataDir, packagesDir } = options;
    const nodeFolder = join(dataDir, "node-modules");
    if (packagesDir !== undefined) linkPackages(nodeFolder, packagesDir);
    this.#options = options;
    this.overruns = new Overruns(options.overruns ?? []);
    this.#threads = new FunctionThreads(options, (call) => this.overruns.add(call));
    this.sets = new FunctionSets(database, origins, nodeFolder, this.#threads);
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

  async #runQuery(
    call: FunctionCall,
    at: { ts?: bigint; journal: string | null },
  ): Promise<QueryOutcome> {
    const { sets } = this;
    const tx = this.#options.database.beginRead(at.ts);
    const journal: Journal = { previous: at.journal, next: null };
    const log = new Log();
    const request = requestContext(call);
    const seed = () => `${call.path}\0${call.args}\0${tx.snapshotTs}`;
    try {
      const run = this.#runOf(call, { tx, request, log, seed, journal });
      const result = isSystemPath(call.path)
        ? await settle(async () =>
            runSystemQuery(this.#options.systemQueries, call, tx, () => sets.at(tx, APP)),
          )
        : await this.#record("Query", call, request, log, () => this.#runIn(run, call, "query"));
      return {
        ...this.#outcome(result, call, request, log),
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

  /** Ends what still runs in threads of its own. */
  async close(): Promise<void> {
    await this.#threads.close();
  }

  async runAction(call: FunctionCall): Promise<FunctionOutcome> {
    const request = requestContext(call);
    const log = new Log();
    const result = await this.#record("Action", call, request, log, () =>
      settle(() => this.#act(call, request, log)),
    );
    return this.#outcome(result, call, request, log);
  }

  /** Answers a request to the site with the app's HTTP actions. */
  async runHttpAction(request: Request, identity: Identity | null): Promise<Response> {
    const context = requestContext({
      identity,
      request: { ip: null, userAgent: request.headers.get("user-agent") },
    });
    const log = new Log();
    const end = this.executions.begin(log);
    let identifier = `${request.method} ${new URL(request.url).pathname}`;
    let componentPath = APP;
    const finish = (error: string | null) => {
      const of = { identifier, componentPath, requestId: context.id };
      end({ kind: "HttpAction", ...of, caller: "http", error });
    };
    try {
      const route = await this.#routeOf(request);
      if (route === null) return noRoute(this.functionsNow(APP).has("http.js"));
      identifier = route.name;
      componentPath = route.set.componentPath;
      const address = { componentPath, path: { module: "http.js", name: route.name } };
      const own = componentPath === APP ? context : { ...context, identity: null };
      const origin = { componentPath, path: route.name, args: "" };
      this.overruns.refuse(origin);
      const run = this.#newActionRun(route.set, address, own, log, origin);
      return await answerWith(run, route, request, finish);
    } catch (error) {
      if (!(error instanceof FunctionFailure)) throw error;
      finish(error.message);
      return failedAnswer(error, context, this.#options.production);
    }
  }

  /** Runs a function of whatever kind it is. */
  async runAny(call: FunctionCall): Promise<FunctionOutcome> {
    if (isSystemPath(call.path)) return this.runQuery(call, { journal: null });
    switch (await this.kindOf(call.componentPath, call.path)) {
      case "mutation":
        return this.runMutation(call);
      case "action":
        return this.runAction(call);
      // A function that is not there fails as a query does, with the same words.
      default:
        return this.runQuery(call, { journal: null });
    }
  }

  /** Null when there is no such function, or its module does not load. */
  async kindOf(componentPath: string, path: string): Promise<FunctionKind | null> {
    try {
      const set = this.functionsNow(componentPath);
      return (await resolveFunction(set, parseFunctionPath(path), "any")).kind;
    } catch (error) {
      if (error instanceof FunctionFailure || error instanceof UserError) return null;
      throw error;
    }
  }

  /**
   * The functions of the newest durable push.
   *
   * @throws UserError for a component that is not mounted.
   */
  functionsNow(componentPath: string): FunctionSet {
    const tx = this.#options.database.beginRead();
    try {
      demandMounted(tx, componentPath);
      return this.sets.at(tx, componentPath);
    } finally {
      tx.close();
    }
  }

  async #routeOf(request: Request): Promise<MatchedRoute | null> {
    const tx = this.#options.database.beginRead();
    try {
      return await matchRoute(this.sets, tx, request);
    } finally {
      tx.close();
    }
  }

  async #mutate(call: FunctionCall, tx: Transaction): Promise<FunctionOutcome> {
    const log = new Log();
    const request = requestContext(call);
    const run = this.#runOf(call, { tx, request, log, seed: randomUUID, journal: null });
    const result = await this.#record("Mutation", call, request, log, () =>
      this.#runIn(run, call, "mutation"),
    );
    return this.#outcome(result, call, request, log);
  }

  #runOf(
    call: FunctionCall,
    own: Pick<TransactionRunOptions, "tx" | "request" | "log" | "seed" | "journal">,
  ): TransactionRun {
    const { database, files } = this.#options;
    return new TransactionRun({
      ...own,
      database,
      files,
      sets: this.sets,
      origin: originOf(call),
    });
  }

  #runIn(run: TransactionRun, call: FunctionCall, kind: "query" | "mutation"): Promise<Result> {
    return settle(() => {
      this.overruns.refuse(originOf(call));
      return run.run(addressOf(call), kind, call.args, accessOf(call));
    });
  }

  async #act(call: FunctionCall, request: RequestContext, log: Log): Promise<string> {
    const origin = originOf(call);
    this.overruns.refuse(origin);
    const set = this.functionsNow(call.componentPath);
    const address = addressOf(call);
    const target = await resolveFunction(set, address.path, accessOf(call));
    demandKind(target, "action");
    this.#withContext(call.componentPath, (context) => checkArguments(target, call.args, context));
    const run = this.#newActionRun(set, address, request, log, origin);
    const isNode = set.environmentOf(address.path.module) === "node";
    try {
      const limit = isNode ? NODE_ACTION_LIMIT_MS : ACTION_LIMIT_MS;
      const work = run.run(() => target.invoke(request.id, call.args));
      const value = await withDeadline(work, limit);
      this.#withContext(call.componentPath, (context) => checkResult(target, value, context));
      return value;
    } finally {
      run.end();
    }
  }

  /** A run for an action's code, which may call other functions. */
  #newActionRun(
    set: FunctionSet,
    address: FunctionAddress,
    request: RequestContext,
    log: Log,
    origin: CallOrigin,
  ): ActionRun {
    const { database, files } = this.#options;
    return new ActionRun({
      database,
      files,
      set,
      address,
      request,
      log,
      origin,
      call: (kind, target, args) =>
        this.#callFromAction(kind, target, args, requestWithin(request, address, target)),
      checkCallable: async (target) => {
        const { componentPath, path } = target;
        await resolveFunction(this.functionsNow(componentPath), path, accessTo(target));
      },
    });
  }

  /** The called function fails with its text whole: only clients get it redacted. */
  async #callFromAction(
    kind: FunctionKind,
    address: FunctionAddress,
    args: JSONValue,
    request: RequestContext,
  ): Promise<string> {
    const call: FunctionCall = {
      path: formatFunctionPath(address.path),
      componentPath: address.componentPath,
      access: accessTo(address),
      args: JSON.stringify([args]),
      identity: request.identity,
      caller: "function",
      requestId: request.id,
      request: { ip: request.ip, userAgent: request.userAgent },
      ...(request.scheduledFunctionId !== null && {
        scheduledFunctionId: request.scheduledFunctionId,
      }),
    };
    const outcome = await this.#runKind(kind, call);
    if (outcome.ok) return outcome.value;
    const text = outcome.error.message.replace(/^.*\n/, "");
    throw new FunctionFailure(text, outcome.error.data);
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

  #withContext(
    componentPath: string,
    check: (context: ReturnType<Transaction["validationContext"]>) => void,
  ): void {
    const tx = this.#options.database.beginRead();
    try {
      check(tx.validationContext(componentPath));
    } finally {
      tx.close();
    }
  }

  #outcome(result: Result, call: FunctionCall, request: RequestContext, log: Log): FunctionOutcome {
    const redacted = this.#options.production && call.caller === "client";
    return outcomeOf(result, request.id, log, redacted);
  }

  async #record(
    kind: "Query" | "Mutation" | "Action",
    call: FunctionCall,
    request: RequestContext,
    log: Log,
    run: () => Promise<Result>,
  ): Promise<Result> {
    const end = this.executions.begin(log);
    const result = await run();
    end({
      kind,
      identifier: displayPath(call.path),
      componentPath: call.componentPath,
      requestId: request.id,
      caller: call.caller,
      error: result.ok ? null : result.failure.message,
    });
    return result;
  }
}
