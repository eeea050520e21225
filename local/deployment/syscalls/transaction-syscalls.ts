import type { JSONValue } from "convex/values";
import type { FileStorage } from "../files/file-storage.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { UserError } from "../transaction/user-error.ts";
import { APP } from "../functions/components.ts";
import { formatHandle, readAddress } from "./address.ts";
import type { FunctionAddress } from "./address.ts";
import { parseArguments } from "./arguments.ts";
import { DatabaseOperations } from "./database-operations.ts";
import type { Journal } from "./database-operations.ts";
import { syscallError } from "./dispatch.ts";
import {
  deploymentMetadata,
  functionMetadata,
  requestMetadata,
  transactionMetrics,
} from "./metadata.ts";
import type { RequestContext } from "./request-context.ts";
import { cancelScheduled, scheduleFunction } from "./schedule-operations.ts";
import { signJwt, type SignToken } from "./sign-jwt.ts";
import { StorageOperations } from "./storage-operations.ts";
import { SyscallError } from "./syscalls.ts";
import type { OperationsOf, SyscallArgs, Syscalls } from "./syscalls.ts";

/** `snapshotQuery` reads what was there before the calling mutation began. */
export type NestedKind = "query" | "mutation" | "snapshotQuery";

/** What a function in a transaction needs of the one who runs it. */
export interface TransactionScope {
  readonly kind: "query" | "mutation";
  readonly tx: Transaction;
  readonly address: FunctionAddress;
  readonly request: RequestContext;
  readonly files: FileStorage;
  readonly signToken: SignToken;
  readonly journal: Journal | null;
  /** The function asked who is asking: its result is for this identity only. */
  observeIdentity(): void;
  /** Runs another function in the same transaction. Gives its encoded result. */
  callNested(kind: NestedKind, address: FunctionAddress, args: JSONValue): Promise<string>;
  /** @throws SyscallError or UserError unless there is such a function and this one may name it. */
  checkCallable(address: FunctionAddress): Promise<void>;
  /** An error that is not the function's. */
  onInternalError(error: unknown): void;
}

type Answer = string | Promise<string>;

/** The same operations, of a part of the whole. */
function ofPart<Part, Whole>(
  operations: OperationsOf<Part>,
  part: (whole: Whole) => Part,
): OperationsOf<Whole> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [
      name,
      (whole: Whole, args: SyscallArgs) => operation(part(whole), args),
    ]),
  );
}

/** What a query or a mutation may ask. */
export class TransactionSyscalls implements Syscalls {
  readonly #scope: TransactionScope;
  readonly #database: DatabaseOperations;
  #nested: Promise<unknown> | null = null;
  /** Queries ask for one row after the other with the same text. */
  #lastText = "{}";
  #lastArgs: SyscallArgs = {};

  constructor(scope: TransactionScope) {
    const { tx, address, journal } = scope;
    this.#scope = scope;
    this.#database = new DatabaseOperations({ tx, componentPath: address.componentPath, journal });
  }

  sync(operation: string, args: string): string {
    try {
      const found = SYNC.get(operation);
      if (found === undefined) throw new SyscallError(`Unknown operation ${operation}`);
      return found(this, parseArguments(args));
    } catch (error) {
      throw syscallError(error, this.#scope.onInternalError);
    }
  }

  /**
   * While a function that this one called runs, the calls that this one makes beside it wait: else
   * they would be part of what is taken back if the called one fails.
   */
  async(operation: string, args: string): Answer {
    const found = OPERATIONS[this.#scope.kind].get(operation);
    if (found === undefined) throw new SyscallError(`Unknown async operation ${operation}`);
    if (this.#nested !== null) return this.#afterNested(() => found(this, this.#parse(args)));
    try {
      const answer = found(this, this.#parse(args));
      return typeof answer === "string" ? answer : this.#guarded(answer);
    } catch (error) {
      throw syscallError(error, this.#scope.onInternalError);
    }
  }

  javascript(operation: string): never {
    throw new SyscallError(`Unknown operation ${operation}`);
  }

  async #afterNested(work: () => Answer): Promise<string> {
    while (this.#nested !== null) await this.#nested;
    try {
      return await work();
    } catch (error) {
      throw syscallError(error, this.#scope.onInternalError);
    }
  }

  async #guarded(answer: Promise<string>): Promise<string> {
    try {
      return await answer;
    } catch (error) {
      throw syscallError(error, this.#scope.onInternalError);
    }
  }

  /** Shared by calls with the same text: operations do not change their arguments. */
  #parse(text: string): SyscallArgs {
    if (text !== this.#lastText) {
      this.#lastArgs = parseArguments(text);
      this.#lastText = text;
    }
    return this.#lastArgs;
  }

  static readonly sync: OperationsOf<TransactionSyscalls> = {
    ...ofPart(DatabaseOperations.sync, (calls: TransactionSyscalls) => calls.#database),
    "1.0/getSnapshotTs": (calls) => {
      const bytes = Buffer.allocUnsafe(8);
      bytes.writeBigInt64LE(calls.#scope.tx.snapshotTs);
      return JSON.stringify({ $integer: bytes.toString("base64") });
    },
    "1.0/componentArgument": () => "{}",
  };

  static readonly reading: OperationsOf<TransactionSyscalls, Answer> = {
    ...ofPart(DatabaseOperations.reading, (calls: TransactionSyscalls) => calls.#database),
    ...ofPart(StorageOperations.reading, (calls: TransactionSyscalls) => calls.#storage),
    "1.0/getUserIdentity": (calls) => {
      const { address, request } = calls.#scope;
      if (address.componentPath === APP) calls.#scope.observeIdentity();
      return JSON.stringify(request.identity?.claims ?? null);
    },
    "1.0/runUdf": (calls, args) => calls.#runNested(args),
    "1.0/createFunctionHandle": async (calls, args) => {
      const target = readAddress(args, calls.#scope.address.componentPath);
      if (target.isExport === true) await calls.#scope.checkCallable(target);
      return JSON.stringify(formatHandle(target));
    },
    "1.0/getFunctionMetadata": (calls) => functionMetadata(calls.#scope.address),
    "1.0/getDeploymentMetadata": () => deploymentMetadata(),
    "1.0/getTransactionMetrics": (calls) => transactionMetrics(calls.#scope.tx.metrics),
  };

  static readonly writing: OperationsOf<TransactionSyscalls, Answer> = {
    ...ofPart(DatabaseOperations.writing, (calls: TransactionSyscalls) => calls.#database),
    ...ofPart(StorageOperations.writing, (calls: TransactionSyscalls) => calls.#storage),
    "1.0/schedule": async (calls, args) => {
      const { address, request, tx } = calls.#scope;
      const target = readAddress(args, address.componentPath);
      await calls.#scope.checkCallable(target);
      const from = { owner: address.componentPath, request };
      return JSON.stringify(scheduleFunction(tx, from, target, args));
    },
    "1.0/cancel_job": (calls, args) => {
      cancelScheduled(calls.#scope.tx, calls.#scope.address.componentPath, args);
      return "null";
    },
    "1.0/getRequestMetadata": (calls) => requestMetadata(calls.#scope.request),
    "1.0/signJwt": (calls, args) =>
      signJwt(calls.#scope.signToken, calls.#scope.address.componentPath, args),
  };

  get #storage(): StorageOperations {
    const { tx, files, address } = this.#scope;
    return new StorageOperations(tx, files, address.componentPath);
  }

  async #runNested(args: SyscallArgs): Promise<string> {
    const kind = args["udfType"];
    if (kind !== "query" && kind !== "mutation" && kind !== "snapshotQuery") {
      throw new UserError(`Cannot run a function of type ${String(kind)} here.`);
    }
    if (kind !== "query" && this.#scope.kind === "query") {
      throw new UserError("Cannot call a mutation from a query.");
    }
    const address = readAddress(args, this.#scope.address.componentPath);
    const call = this.#scope.callNested(kind, address, args["args"] ?? {});
    const settled = call.then(
      () => {},
      () => {},
    );
    this.#nested = settled;
    try {
      return await call;
    } finally {
      if (this.#nested === settled) this.#nested = null;
    }
  }
}

const SYNC = new Map(Object.entries(TransactionSyscalls.sync));
const OPERATIONS = {
  query: new Map(Object.entries(TransactionSyscalls.reading)),
  mutation: new Map(
    Object.entries({ ...TransactionSyscalls.reading, ...TransactionSyscalls.writing }),
  ),
};
