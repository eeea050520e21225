import type { JSONValue } from "convex/values";
import type { FileStorage } from "../files/file-storage.ts";
import type { FunctionAddress } from "../syscalls/address.ts";
import type { Journal } from "../syscalls/database-operations.ts";
import type { RequestContext } from "../syscalls/request-context.ts";
import type { SignToken } from "../syscalls/sign-jwt.ts";
import { TransactionSyscalls } from "../syscalls/transaction-syscalls.ts";
import type { NestedKind } from "../syscalls/transaction-syscalls.ts";
import type { Database } from "../transaction/database.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { UserError } from "../transaction/user-error.ts";
import { SyscallError } from "../syscalls/syscalls.ts";
import { Progress } from "./progress.ts";
import { demandMounted } from "./components.ts";
import { TRANSACTION_LIMIT_MS, withDeadline } from "./deadline.ts";
import { runIn } from "./environment/execution.ts";
import type { Execution } from "./environment/execution.ts";
import { failureOf, FunctionFailure } from "./failure.ts";
import type { FunctionSets } from "./modules/function-sets.ts";
import type { FunctionSet } from "./modules/function-set.ts";
import type { Log } from "./log/log.ts";
import type { CallOrigin } from "./overruns.ts";
import type { RegisteredFunction } from "./modules/registered-function.ts";
import { randomFrom } from "./environment/random.ts";
import { demandKind, resolveFunction, resolveIfLoaded } from "./modules/resolve.ts";
import { ThreadEnded } from "./threads/thread-ended.ts";
import { checkArguments, checkResult } from "./validation.ts";

const MAX_NESTED_CALLS = 8;

/** Queries and mutations have neither timers nor requests that could outlive them. */
const NO_END = new AbortController();

/** What one transaction's functions share: those called from outside and those that they call. */
export interface TransactionRunOptions {
  readonly database: Database;
  readonly sets: Pick<FunctionSets, "at">;
  readonly files: FileStorage;
  readonly signToken: SignToken;
  readonly tx: Transaction;
  readonly request: RequestContext;
  readonly log: Log;
  readonly origin: CallOrigin;
  /** What the random numbers of its functions follow from. */
  readonly seed: () => string;
  readonly journal: Journal | null;
}

/** One function's part in a transaction. */
interface Call {
  readonly address: FunctionAddress;
  readonly kind: "query" | "mutation";
  /** Convex-encoded JSON: an array that holds one object. */
  readonly args: string;
  readonly access: "public" | "any";
  /** How many functions deep; 0 for the one that the transaction is for. */
  readonly depth: number;
  readonly tx: Transaction;
  readonly request: RequestContext;
}

/** One function call in a transaction, with everything that it calls there. */
export class TransactionRun {
  readonly #options: TransactionRunOptions;
  readonly #startedAt = Date.now();
  readonly #progress = new Progress({ countsCalled: false });
  /** Ends the run with an error that no function handed on. */
  #fail: (error: Error) => void = () => {};
  /** An error that is not the function's, whatever the function made of it. */
  #internalError: { readonly error: unknown } | null = null;
  #usedIdentity = false;
  #seed: string | undefined;
  #invocations = 0;

  constructor(options: TransactionRunOptions) {
    this.#options = options;
  }

  /** Whether the result depends on who asks. */
  get usedIdentity(): boolean {
    return this.#usedIdentity;
  }

  /**
   * Runs the function that the transaction is for. Gives its encoded result.
   *
   * @throws FunctionFailure when the function fails; anything else is the deployment's own error.
   */
  async run(
    address: FunctionAddress,
    kind: "query" | "mutation",
    args: string,
    access: "public" | "any",
  ): Promise<string> {
    const { tx, request } = this.#options;
    const call = this.#call({ address, kind, args, access, depth: 0, tx, request });
    const onBegin = (fail: (error: Error) => void) => {
      this.#fail = fail;
    };
    let result = "";
    try {
      result = await withDeadline(call, TRANSACTION_LIMIT_MS, this.#progress, onBegin);
    } catch (error) {
      if (this.#internalError === null) throw error;
    }
    // Whatever the function made of it.
    if (this.#internalError !== null) throw this.#internalError.error;
    return result;
  }

  async #call(call: Call): Promise<string> {
    const { address, kind, args, access, tx } = call;
    demandMounted(tx, address.componentPath);
    const set = this.#options.sets.at(tx, address.componentPath);
    const target =
      resolveIfLoaded(set, address.path, access) ??
      // The thread that its module is loaded in may have to start, which takes as long as it takes.
      (await this.#progress.during(resolveFunction(set, address.path, access)));
    demandKind(target, kind);
    const context = tx.validationContext(address.componentPath);
    checkArguments(target, args, context);
    const result = await this.#invoke(set, target, call);
    checkResult(target, result, context);
    return result;
  }

  async #invoke(set: FunctionSet, target: RegisteredFunction, call: Call): Promise<string> {
    const { address, kind, args, depth, tx, request } = call;
    const { log, files, signToken, journal, origin } = this.#options;
    const seed = this.#nextSeed();
    const syscalls = new TransactionSyscalls({
      kind,
      tx,
      address,
      request,
      files,
      signToken,
      journal: depth === 0 ? journal : null,
      observeIdentity: () => {
        this.#usedIdentity = true;
      },
      callNested: (nestedKind, nested, nestedArgs) =>
        this.#callNested(call, nestedKind, nested, nestedArgs),
      checkCallable: (callee) => this.#checkCallable(callee, tx),
      onInternalError: (error) => {
        this.#internalError ??= { error };
      },
    });
    const execution: Execution = {
      kind,
      log,
      now: () => this.#startedAt,
      seed,
      random: randomFrom(seed),
      environment: set.environment,
      syscalls: this.#progress.observe(syscalls),
      origin,
      platform: this.#progress.platform,
      end: NO_END,
      fail: (thrown) => this.#fail(failureOf(thrown, set.sourceMaps)),
    };
    try {
      return await runIn(execution, () => target.invoke(request.id, args));
    } catch (thrown) {
      if (thrown instanceof ThreadEnded) this.#internalError ??= { error: thrown };
      throw failureOf(thrown, set.sourceMaps);
    }
  }

  /** Each function draws numbers of its own, the same ones in whichever thread it runs. */
  #nextSeed(): () => string {
    const number = this.#invocations++;
    return () => `${(this.#seed ??= this.#options.seed())}\0${number}`;
  }

  async #callNested(
    caller: Call,
    kind: NestedKind,
    address: FunctionAddress,
    argument: JSONValue,
  ): Promise<string> {
    const depth = caller.depth + 1;
    if (depth > MAX_NESTED_CALLS) {
      throw new UserError(`Functions call each other too deep: the limit is ${MAX_NESTED_CALLS}.`);
    }
    const { tx } = caller;
    const request = requestWithin(caller.request, caller.address, address);
    const access = accessTo(address);
    const args = JSON.stringify([argument]);
    const call = (own: Transaction, as: "query" | "mutation") =>
      asSyscallError(this.#call({ address, kind: as, args, access, depth, tx: own, request }));
    if (kind === "query") return call(tx, "query");
    if (kind === "mutation") return this.#inLayer(tx, () => call(tx, "mutation"));
    const before = this.#options.database.beginRead(tx.snapshotTs);
    try {
      return await call(before, "query");
    } finally {
      before.close();
    }
  }

  /** What a nested mutation wrote is taken back when it fails; what it read stays read. */
  async #inLayer(tx: Transaction, work: () => Promise<string>): Promise<string> {
    tx.beginLayer();
    try {
      const result = await work();
      tx.commitLayer();
      return result;
    } catch (error) {
      tx.rollbackLayer();
      throw error;
    }
  }

  async #checkCallable(address: FunctionAddress, tx: Transaction): Promise<void> {
    demandMounted(tx, address.componentPath);
    const set = this.#options.sets.at(tx, address.componentPath);
    await asSyscallError(resolveFunction(set, address.path, accessTo(address)));
  }
}

/** From outside a component only its public functions are to be seen. */
export function accessTo(address: FunctionAddress): "public" | "any" {
  return address.isExport === true ? "public" : "any";
}

/** Who is signed in is known to the component that was asked, and to no other that it calls. */
export function requestWithin(
  request: RequestContext,
  caller: FunctionAddress,
  callee: FunctionAddress,
): RequestContext {
  return caller.componentPath === callee.componentPath ? request : { ...request, identity: null };
}

/** A function that was called failed: its caller sees an error with the same text and data. */
export async function asSyscallError<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof FunctionFailure)) throw error;
    throw new SyscallError(error.message, error.data);
  }
}
