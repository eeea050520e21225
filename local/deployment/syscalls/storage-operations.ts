import type { FileStorage } from "../files/file-storage.ts";
import type { Doc } from "../store/document.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { UserError } from "../transaction/user-error.ts";
import { APP } from "../functions/components.ts";
import { optionalStringArgument, stringArgument } from "./arguments.ts";
import { ownedBy, ownerOf } from "./system-documents.ts";
import type { OperationsOf, SyscallArgs } from "./syscalls.ts";

/** `ctx.storage` in queries and mutations. */
export class StorageOperations {
  readonly #tx: Transaction;
  readonly #files: FileStorage;
  readonly #owner: string;

  /** @param owner the component whose files they are: each sees its own. */
  constructor(tx: Transaction, files: FileStorage, owner: string) {
    this.#tx = tx;
    this.#files = files;
    this.#owner = owner;
  }

  static readonly reading: OperationsOf<StorageOperations> = {
    "1.0/storageGetUrl": (storage, args) => storage.url(args),
    "1.0/storageGetMetadata": (storage, args) => storage.metadata(args),
  };

  static readonly writing: OperationsOf<StorageOperations> = {
    "1.0/storageGenerateUploadUrl": (storage) => JSON.stringify(storage.#files.uploadUrl()),
    "1.0/storageDelete": (storage, args) => storage.delete(args),
    "1.0/storageStore": (storage, args) => storage.#store(args),
    "1.0/storageGet": (storage, args) => storage.#get(args),
  };

  url(args: SyscallArgs): string {
    const row = this.find(args);
    return JSON.stringify(row === null ? null : this.#files.url(uuidOf(row)));
  }

  metadata(args: SyscallArgs): string {
    return JSON.stringify(metadata(this.find(args)));
  }

  /** The row of the file with that id, or null. */
  find(args: SyscallArgs): Doc | null {
    const id = this.#tx.normalizeId(APP, "_storage", stringArgument(args, "storageId"));
    if (id === null) {
      throw new UserError(
        `Invalid storage ID: "${stringArgument(args, "storageId")}" is not the ID of a file.`,
      );
    }
    const row = this.#tx.get(APP, id);
    return row !== null && ownerOf(row) === this.#owner ? row : null;
  }

  delete(args: SyscallArgs): string {
    const row = this.find(args);
    if (row === null) {
      throw new UserError(`storage id ${stringArgument(args, "storageId")} not found`);
    }
    this.#tx.delete(APP, row.id);
    return "null";
  }

  #store(args: SyscallArgs): string {
    const content = Buffer.from(stringArgument(args, "blob"), "base64");
    const saved = this.#files.saveSync(content);
    const contentType = optionalStringArgument(args, "contentType");
    return JSON.stringify(
      insertFile(this.#tx, saved, contentType, optionalStringArgument(args, "sha256"), this.#owner),
    );
  }

  #get(args: SyscallArgs): string {
    const row = this.find(args);
    const content = row === null ? null : this.#files.readSync(uuidOf(row));
    if (row === null || content === null) return "null";
    const blob = Buffer.from(content).toString("base64");
    return JSON.stringify({ blob, contentType: row.value["contentType"] ?? null });
  }
}

/**
 * The row that makes a saved blob a file. Returns its id.
 *
 * @throws UserError when the caller named another checksum (hex or base64).
 */
export function insertFile(
  tx: Transaction,
  saved: { readonly uuid: string; readonly sha256: string; readonly size: number },
  contentType: string | null,
  expectedSha256: string | null,
  owner: string,
): string {
  if (expectedSha256 !== null && !isChecksum(expectedSha256, saved.sha256)) {
    throw new UserError(`The file's SHA-256 is ${saved.sha256}, not ${expectedSha256}.`);
  }
  const { uuid, sha256, size } = saved;
  const fields = { uuid, sha256, size, ...(contentType && { contentType }), ...ownedBy(owner) };
  return tx.insert(APP, "_storage", fields);
}

function isChecksum(expected: string, sha256: string): boolean {
  return expected === sha256 || expected === Buffer.from(sha256, "hex").toString("base64");
}

export function uuidOf(row: Doc): string {
  return row.value["uuid"] as string;
}

function metadata(row: Doc | null) {
  if (row === null) return null;
  const { sha256, size, contentType } = row.value;
  return { storageId: row.id, sha256, size, contentType: contentType ?? null };
}
