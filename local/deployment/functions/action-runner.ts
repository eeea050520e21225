import type { JSONValue } from "convex/values";
import type { FileStorage } from "../files/file-storage.ts";
import type { FunctionAddress } from "../syscalls/address.ts";
import type { RequestContext } from "../syscalls/request-context.ts";
import type { Database } from "../transaction/database.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { UserError } from "../transaction/user-error.ts";
import { ActionRun } from "./action-run.ts";
import type { FunctionCall, FunctionKind, FunctionOutcome, Identity } from "./call.ts";
import { accessOf, addressOf, originOf, requestContext } from "./call-parts.ts";
import { APP } from "./components.ts";
import { ACTION_LIMIT_MS, NODE_ACTION_LIMIT_MS, withDeadline } from "./deadline.ts";
import type { ExecutionLog } from "./log/execution-log.ts";
import { FunctionFailure } from "./failure.ts";
import { formatFunctionPath } from "./modules/function-path.ts";
import type { FunctionSet } from "./modules/function-set.ts";
import type { FunctionSets } from "./modules/function-sets.ts";
import { answerWith, failedAnswer, matchRoute, noRoute } from "./http-actions.ts";
import type { MatchedRoute } from "./http-actions.ts";
import { Log } from "./log/log.ts";
import type { CallOrigin, Overruns } from "./overruns.ts";
import { demandKind, resolveFunction } from "./modules/resolve.ts";
import { outcomeOf, settle } from "./result.ts";
import { accessTo, requestWithin } from "./transaction-run.ts";
import { checkArguments, checkResult } from "./validation.ts";

export interface ActionRunnerOptions {
  readonly database: Database;
  readonly files: FileStorage;
  readonly sets: FunctionSets;
  readonly executions: ExecutionLog;
  readonly overruns: Overruns;
  /** In production clients learn neither why an action failed nor what it printed. */
  readonly production: boolean;
  /** Runs what an action calls. */
  run(kind: FunctionKind, call: FunctionCall): Promise<FunctionOutcome>;
}

/** Runs actions and HTTP actions, which are no transactions: what they call is, each for itself. */
export class ActionRunner {
  readonly #options: ActionRunnerOptions;

  constructor(options: ActionRunnerOptions) {
    this.#options = options;
  }

  async runAction(call: FunctionCall): Promise<FunctionOutcome> {
    const { executions, production } = this.#options;
    const request = requestContext(call);
    const requestId = request.id;
    const log = new Log();
    const environment = this.#environmentOf(call);
    const limitMs = environment === "node" ? NODE_ACTION_LIMIT_MS : ACTION_LIMIT_MS;
    const of = { kind: "Action", requestId, environment } as const;
    const result = await executions.record(call, of, log, () =>
      settle(() => this.#act(call, request, log, limitMs)),
    );
    return outcomeOf(result, call, { requestId, log, production });
  }

  /** Answers a request to the site with the app's HTTP actions. */
  async runHttpAction(request: Request, identity: Identity | null): Promise<Response> {
    const { sets, executions, overruns, production } = this.#options;
    const context = requestContext({
      identity,
      request: { ip: null, userAgent: request.headers.get("user-agent") },
    });
    const log = new Log();
    const end = executions.begin(log);
    let identifier = `${request.method} ${new URL(request.url).pathname}`;
    let componentPath = APP;
    const finish = (error: string | null) => {
      const of = { kind: "HttpAction", environment: "isolate", caller: "http" } as const;
      end({ ...of, identifier, componentPath, requestId: context.id, error, isRefusal: false });
    };
    try {
      const route = await this.#routeOf(request);
      if (route === null) return noRoute(sets.now(APP).has("http.js"));
      identifier = route.name;
      componentPath = route.set.componentPath;
      const address = { componentPath, path: { module: "http.js", name: route.name } };
      const own = componentPath === APP ? context : { ...context, identity: null };
      const origin = { componentPath, path: route.name, args: "" };
      overruns.refuse(origin);
      const run = this.#newRun(route.set, address, own, log, origin);
      return await answerWith(run, route, request, finish);
    } catch (error) {
      if (!(error instanceof FunctionFailure)) throw error;
      finish(error.message);
      return failedAnswer(error, context, production);
    }
  }

  async #act(
    call: FunctionCall,
    request: RequestContext,
    log: Log,
    limitMs: number,
  ): Promise<string> {
    const { sets, overruns } = this.#options;
    const origin = originOf(call);
    overruns.refuse(origin);
    const set = sets.now(call.componentPath);
    const address = addressOf(call);
    const target = await resolveFunction(set, address.path, accessOf(call));
    demandKind(target, "action");
    this.#withContext(call.componentPath, (context) => checkArguments(target, call.args, context));
    const run = this.#newRun(set, address, request, log, origin);
    try {
      const work = run.run(() => target.invoke(request.id, call.args));
      const value = await withDeadline(work, limitMs);
      this.#withContext(call.componentPath, (context) => checkResult(target, value, context));
      return value;
    } finally {
      run.end();
    }
  }

  /** A run for an action's code, which may call other functions. */
  #newRun(
    set: FunctionSet,
    address: FunctionAddress,
    request: RequestContext,
    log: Log,
    origin: CallOrigin,
  ): ActionRun {
    const { database, files, sets } = this.#options;
    return new ActionRun({
      database,
      files,
      set,
      address,
      request,
      log,
      origin,
      call: (kind, target, args) =>
        this.#callFunction(kind, target, args, requestWithin(request, address, target)),
      checkCallable: async (target) => {
        const { componentPath, path } = target;
        await resolveFunction(sets.now(componentPath), path, accessTo(target));
      },
    });
  }

  /** The called function fails with its text whole: only clients get it redacted. */
  async #callFunction(
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
    const outcome = await this.#options.run(kind, call);
    if (outcome.ok) return outcome.value;
    const text = outcome.error.message.replace(/^.*\n/, "");
    throw new FunctionFailure(text, outcome.error.data);
  }

  async #routeOf(request: Request): Promise<MatchedRoute | null> {
    const { database, sets } = this.#options;
    const tx = database.beginRead();
    try {
      return await matchRoute(sets, tx, request);
    } finally {
      tx.close();
    }
  }

  /** The default one for a call that leads nowhere, which fails when it is carried out. */
  #environmentOf(call: FunctionCall): "isolate" | "node" {
    try {
      return this.#options.sets.now(call.componentPath).environmentOf(addressOf(call).path.module);
    } catch (error) {
      if (error instanceof UserError) return "isolate";
      throw error;
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
}
