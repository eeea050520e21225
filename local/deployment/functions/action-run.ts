import { randomUUID } from "node:crypto";
import type { JSONValue } from "convex/values";
import { ActionSyscalls } from "../syscalls/action-syscalls.ts";
import type { FunctionAddress } from "../syscalls/address.ts";
import type { RequestContext } from "../syscalls/request-context.ts";
import type { FileStorage } from "../files/file-storage.ts";
import type { Database } from "../transaction/database.ts";
import type { FunctionKind } from "./call.ts";
import { runIn } from "./environment/execution.ts";
import type { Execution } from "./environment/execution.ts";
import { failureOf } from "./failure.ts";
import type { FunctionSet } from "./modules/function-set.ts";
import type { Log } from "./log/log.ts";
import type { CallOrigin } from "./overruns.ts";
import { asSyscallError } from "./transaction-run.ts";

export interface ActionRunOptions {
  readonly database: Database;
  readonly files: FileStorage;
  readonly set: FunctionSet;
  readonly address: FunctionAddress;
  readonly request: RequestContext;
  readonly log: Log;
  readonly origin: CallOrigin;
  /** Runs another function; each call is a transaction or an action of its own. */
  call(kind: FunctionKind, address: FunctionAddress, args: JSONValue): Promise<string>;
  /** @throws FunctionFailure unless there is such a function and this one may name it. */
  checkCallable(address: FunctionAddress): Promise<void>;
}

/** One run of an action or an HTTP action. */
export class ActionRun {
  readonly #set: FunctionSet;
  readonly #execution: Execution;
  readonly #stray = Promise.withResolvers<never>();
  #internalError: { readonly error: unknown } | null = null;

  constructor(options: ActionRunOptions) {
    const { database, files, set, address, request, log } = options;
    const end = new AbortController();
    const syscalls = new ActionSyscalls({
      database,
      files,
      address,
      request,
      ended: end.signal,
      call: (kind, target, args) => asSyscallError(options.call(kind, target, args)),
      checkCallable: (target) => asSyscallError(options.checkCallable(target)),
      onInternalError: (error) => {
        this.#internalError ??= { error };
      },
    });
    this.#set = set;
    this.#execution = {
      kind: "action",
      log,
      now: Date.now,
      seed: randomUUID,
      random: Math.random,
      environment: set.environment,
      syscalls,
      origin: options.origin,
      platform: { waiting: 0 },
      end,
      fail: this.#stray.reject,
    };
  }

  /**
   * Runs the action's code.
   *
   * @throws FunctionFailure when it fails; anything else is the deployment's own error.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const whole = Promise.race([runIn(this.#execution, work), this.#stray.promise]);
    const run = whole.catch((thrown: unknown) => {
      throw failureOf(thrown, this.#set.sourceMaps);
    });
    await run.catch(() => undefined);
    // Whatever the action made of it.
    if (this.#internalError !== null) throw this.#internalError.error;
    return run;
  }

  /** What the action left running ends: its requests, its timers. */
  end(): void {
    this.#execution.end.abort();
  }
}
