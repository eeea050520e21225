import type { JSONValue } from "convex/values";
import type { FileStorage } from "../files/file-storage.ts";
import type { Database } from "../transaction/database.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { searchVectors } from "../transaction/vector-search.ts";
import type { VectorQueryJson } from "../transaction/vector-search.ts";
import type { FunctionKind } from "../functions/call.ts";
import { runOutside } from "../functions/environment/execution.ts";
import { formatHandle, readAddress } from "./address.ts";
import type { FunctionAddress } from "./address.ts";
import { optionalStringArgument, parseArguments } from "./arguments.ts";
import { syscallError } from "./dispatch.ts";
import { deploymentMetadata, functionMetadata, requestMetadata } from "./metadata.ts";
import type { RequestContext } from "./request-context.ts";
import { cancelScheduled, scheduleFunction } from "./schedule-operations.ts";
import { insertFile, StorageOperations, uuidOf } from "./storage-operations.ts";
import { SyscallError } from "./syscalls.ts";
import type { Operation, SyscallArgs, Syscalls } from "./syscalls.ts";

/** What an action needs of the one who runs it. */
export interface ActionScope {
  readonly database: Database;
  readonly address: FunctionAddress;
  readonly request: RequestContext;
  readonly files: FileStorage;
  /** Aborted when the action is over: what it left running may ask for nothing more. */
  readonly ended: AbortSignal;
  /** Runs another function, each in a transaction of its own. Gives its encoded result. */
  call(kind: FunctionKind, address: FunctionAddress, args: JSONValue): Promise<string>;
  /** @throws SyscallError or UserError unless there is such a function and this one may name it. */
  checkCallable(address: FunctionAddress): Promise<void>;
  onInternalError(error: unknown): void;
}

/** What an action or an HTTP action may ask: it has no transaction, so each request is one. */
export class ActionSyscalls implements Syscalls {
  readonly #scope: ActionScope;

  constructor(scope: ActionScope) {
    this.#scope = scope;
  }

  sync(operation: string): string {
    if (operation === "1.0/componentArgument") return "{}";
    throw new SyscallError(`Unknown operation ${operation}`);
  }

  async async(operation: string, args: string): Promise<string> {
    const found = Object.hasOwn(this.#async, operation) ? this.#async[operation] : undefined;
    if (found === undefined) throw new SyscallError(`Unknown async operation ${operation}`);
    return this.#guard(async () => found(parseArguments(args)));
  }

  javascript(operation: string, args: Record<string, unknown>): Promise<unknown> {
    return this.#guard(async () => {
      if (operation === "storage/storeBlob") return this.#storeBlob(args);
      if (operation === "storage/getBlob") return this.#getBlob(args);
      throw new SyscallError(`Unknown operation ${operation}`);
    });
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    if (this.#scope.ended.aborted) {
      throw new SyscallError("The action that this call belongs to has already ended.");
    }
    try {
      return await runOutside(work);
    } catch (error) {
      throw syscallError(error, this.#scope.onInternalError);
    }
  }

  readonly #async: Readonly<Record<string, Operation>> = {
    "1.0/actions/query": (args) => this.#call("query", args),
    "1.0/actions/mutation": (args) => this.#call("mutation", args),
    "1.0/actions/action": (args) => this.#call("action", args),
    "1.0/actions/schedule": async (args) => {
      const target = this.#address(args);
      await this.#scope.checkCallable(target);
      const from = { owner: this.#owner, request: this.#scope.request };
      return this.#write((tx) => JSON.stringify(scheduleFunction(tx, from, target, args)));
    },
    "1.0/actions/cancel_job": (args) =>
      this.#write((tx) => {
        cancelScheduled(tx, this.#owner, args);
        return "null";
      }),
    "1.0/actions/vectorSearch": async ({ query }) => {
      const { database, address } = this.#scope;
      const search = query as unknown as VectorQueryJson;
      return JSON.stringify({
        results: await searchVectors(database, address.componentPath, search),
      });
    },
    "1.0/getUserIdentity": () => JSON.stringify(this.#scope.request.identity?.claims ?? null),
    "1.0/createFunctionHandle": async (args) => {
      const target = this.#address(args);
      if (target.isExport === true) await this.#scope.checkCallable(target);
      return JSON.stringify(formatHandle(target));
    },
    "1.0/getFunctionMetadata": () => functionMetadata(this.#scope.address),
    "1.0/getDeploymentMetadata": () => deploymentMetadata(),
    "1.0/getRequestMetadata": () => requestMetadata(this.#scope.request),
    "1.0/storageGetUrl": (args) => this.#read((storage) => storage.url(args)),
    "1.0/storageGetMetadata": (args) => this.#read((storage) => storage.metadata(args)),
    "1.0/storageGenerateUploadUrl": () => JSON.stringify(this.#scope.files.uploadUrl()),
    "1.0/storageDelete": (args) =>
      this.#write((tx) => new StorageOperations(tx, this.#scope.files, this.#owner).delete(args)),
  };

  /** The component whose files and whose scheduled functions these are. */
  get #owner(): string {
    return this.#scope.address.componentPath;
  }

  #address(args: SyscallArgs): FunctionAddress {
    return readAddress(args, this.#scope.address.componentPath);
  }

  #call(kind: FunctionKind, args: SyscallArgs): Promise<string> {
    return this.#scope.call(kind, this.#address(args), args["args"] ?? {});
  }

  #write<T>(work: (tx: Transaction) => T): Promise<T> {
    return this.#scope.database.write(work);
  }

  async #read<T>(work: (storage: StorageOperations) => T | Promise<T>): Promise<T> {
    const tx = this.#scope.database.beginRead();
    try {
      return await work(new StorageOperations(tx, this.#scope.files, this.#owner));
    } finally {
      tx.close();
    }
  }

  async #storeBlob(args: Record<string, unknown>): Promise<string> {
    const { blob, options } = args as { blob?: unknown; options?: SyscallArgs };
    if (!(blob instanceof Blob)) throw new SyscallError("store() expects a Blob.");
    const saved = await this.#scope.files.save(blob.stream());
    const sha256 = optionalStringArgument(options ?? {}, "sha256");
    return this.#write((tx) => insertFile(tx, saved, blob.type || null, sha256, this.#owner));
  }

  async #getBlob(args: Record<string, unknown>): Promise<Blob | null> {
    const row = await this.#read((storage) => storage.find(args as SyscallArgs));
    const content = row === null ? null : await this.#scope.files.read(uuidOf(row));
    if (row === null || content === null) return null;
    const type = (row.value["contentType"] as string | undefined) ?? "";
    return new Blob([content], { type });
  }
}
