import type { JSONValue } from "convex/values";
import type { FileStorage } from "../files/file-storage.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { UserError } from "../transaction/user-error.ts";
import { APP } from "../functions/components.ts";
import { formatHandle, readAddress } from "./address.ts";
import type { FunctionAddress } from "./address.ts";
import { DatabaseOperations } from "./database-operations.ts";
import type { Journal } from "./database-operations.ts";
import { callSync, syscallError } from "./dispatch.ts";
import {
  deploymentMetadata,
  functionMetadata,
  requestMetadata,
  transactionMetrics,
} from "./metadata.ts";
import type { RequestContext } from "./request-context.ts";
import { cancelScheduled, scheduleFunction } from "./schedule-operations.ts";
import { StorageOperations } from "./storage-operations.ts";
import { SyscallError } from "./syscalls.ts";
import type { Operation, SyncOperation, SyscallArgs, Syscalls } from "./syscalls.ts";

/** `snapshotQuery` reads what was there before the calling mutation began. */
export type NestedKind = "query" | "mutation" | "snapshotQuery";

/** What a function in a transaction needs of the one who runs it. */
export interface TransactionScope {
  readonly kind: "query" | "mutation";
  readonly tx: Transaction;
  readonly address: FunctionAddress;
  readonly request: RequestContext;
  readonly files: FileStorage;
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

/** What a query or a mutation may ask. */
export class TransactionSyscalls implements Syscalls {
  readonly #scope: TransactionScope;
  readonly #sync: Readonly<Record<string, SyncOperation>>;
  readonly #async: Readonly<Record<string, Operation>>;
  #nested: Promise<unknown> | null = null;

  constructor(scope: TransactionScope) {
    const { componentPath } = scope.address;
    const database = new DatabaseOperations({
      tx: scope.tx,
      componentPath,
      journal: scope.journal,
    });
    const storage = new StorageOperations(scope.tx, scope.files, componentPath);
    this.#scope = scope;
    this.#sync = { ...database.sync, ...this.#syncOperations };
    this.#async = {
      ...database.reading,
      ...storage.reading,
      ...this.#operations,
      ...(scope.kind === "mutation" && {
        ...database.writing,
        ...storage.writing,
        ...this.#mutationOperations,
      }),
    };
  }

  sync(operation: string, args: string): string {
    try {
      return callSync(this.#sync, operation, args);
    } catch (error) {
      throw syscallError(error, this.#scope.onInternalError);
    }
  }

  /**
   * While a function that this one called runs, the calls that this one makes beside it wait: else
   * they would be part of what is taken back if the called one fails.
   */
  async async(operation: string, args: string): Promise<string> {
    const found = Object.hasOwn(this.#async, operation) ? this.#async[operation] : undefined;
    if (found === undefined) throw new SyscallError(`Unknown async operation ${operation}`);
    while (this.#nested !== null) await this.#nested;
    try {
      return await found(JSON.parse(args) as SyscallArgs);
    } catch (error) {
      throw syscallError(error, this.#scope.onInternalError);
    }
  }

  javascript(operation: string): never {
    throw new SyscallError(`Unknown operation ${operation}`);
  }

  get #syncOperations(): Readonly<Record<string, SyncOperation>> {
    return {
      "1.0/getSnapshotTs": () => {
        const bytes = Buffer.allocUnsafe(8);
        bytes.writeBigInt64LE(this.#scope.tx.snapshotTs);
        return JSON.stringify({ $integer: bytes.toString("base64") });
      },
      "1.0/componentArgument": () => "{}",
    };
  }

  get #operations(): Readonly<Record<string, Operation>> {
    const { address, request, tx } = this.#scope;
    return {
      "1.0/getUserIdentity": () => {
        if (address.componentPath === APP) this.#scope.observeIdentity();
        return JSON.stringify(request.identity?.claims ?? null);
      },
      "1.0/runUdf": (args) => this.#runNested(args),
      "1.0/createFunctionHandle": async (args) => {
        const target = readAddress(args, address.componentPath);
        if (target.isExport === true) await this.#scope.checkCallable(target);
        return JSON.stringify(formatHandle(target));
      },
      "1.0/getFunctionMetadata": () => functionMetadata(address),
      "1.0/getDeploymentMetadata": () => deploymentMetadata(),
      "1.0/getTransactionMetrics": () => transactionMetrics(tx.metrics),
    };
  }

  get #mutationOperations(): Readonly<Record<string, Operation>> {
    const { address, request, tx } = this.#scope;
    return {
      "1.0/schedule": async (args) => {
        const target = readAddress(args, address.componentPath);
        await this.#scope.checkCallable(target);
        const from = { owner: address.componentPath, request };
        return JSON.stringify(scheduleFunction(tx, from, target, args));
      },
      "1.0/cancel_job": (args) => {
        cancelScheduled(tx, address.componentPath, args);
        return "null";
      },
      "1.0/getRequestMetadata": () => requestMetadata(request),
    };
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
