import { createHash, randomUUID, type Hash } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";
import { UploadTokens } from "./upload-tokens.ts";

/** What is known of a file once its bytes are on disk. */
export interface SavedFile {
  /** The file's address. Whoever knows it may read the file, so it is never the document's id. */
  readonly uuid: string;
  /** Of the whole content, in hex. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * The contents of stored files, one file of the data folder each, named by a random uuid.
 *
 * The bytes are synced before their `_storage` row is committed, so a row never lacks its file.
 * The opposite, a file without a row (an upload that was cut off, a deleted row), is harmless and
 * is swept away later.
 */
export class FileStorage {
  readonly #folder: string;
  readonly #origin: () => string;
  readonly #tokens: UploadTokens;

  /**
   * @param origin the public cloud origin, asked for each time because it may be set later.
   * @param secret what upload tokens are signed with.
   */
  constructor(folder: string, origin: () => string, secret: string) {
    fs.mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#origin = origin;
    this.#tokens = new UploadTokens(secret);
  }

  /** The public address of a stored file. */
  url(uuid: string): string {
    return `${this.#origin()}/api/storage/${uuid}`;
  }

  /** An address that takes the upload of a file, for one hour. */
  uploadUrl(): string {
    return `${this.#origin()}/api/storage/upload?token=${this.#tokens.issue(Date.now())}`;
  }

  isUploadToken(token: string): boolean {
    return this.#tokens.isValid(token, Date.now());
  }

  /** @param uuid of an imported file, which keeps its address. */
  async save(
    content: Uint8Array | AsyncIterable<Uint8Array>,
    uuid: string = randomUUID(),
  ): Promise<SavedFile> {
    if (content instanceof Uint8Array) return this.saveSync(content);
    const draft = new Draft(this.#folder, uuid);
    try {
      for await (const piece of content) draft.write(piece);
      return draft.keep();
    } catch (error) {
      draft.discard();
      throw error;
    }
  }

  saveSync(content: Uint8Array): SavedFile {
    const draft = new Draft(this.#folder, randomUUID());
    try {
      draft.write(content);
      return draft.keep();
    } catch (error) {
      draft.discard();
      throw error;
    }
  }

  /** Null when there is no such file. */
  readSync(uuid: string): Uint8Array | null {
    try {
      return fs.readFileSync(this.path(uuid));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
  }

  async read(uuid: string): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      return await fs.promises.readFile(this.path(uuid));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
  }

  has(uuid: string): boolean {
    return fs.existsSync(this.path(uuid));
  }

  /** Of the content, in hex. */
  async sha256(uuid: string): Promise<string> {
    const digest = createHash("sha256");
    for await (const piece of fs.createReadStream(this.path(uuid))) digest.update(piece as Buffer);
    return digest.digest("hex");
  }

  /** Where the bytes lie. Refuses whatever is not a uuid, so that no path can be smuggled in. */
  path(uuid: string): string {
    if (!UUID.test(uuid)) throw new TypeError(`Not a file's uuid: ${uuid}`);
    return join(this.#folder, uuid);
  }

  /**
   * Removes the files that no row names and that are older than `olderThanMs` (a younger one may
   * belong to a row that is about to be committed).
   */
  sweep(isKnown: (uuid: string) => boolean, olderThanMs: number): void {
    for (const name of fs.readdirSync(this.#folder)) {
      const path = join(this.#folder, name);
      const known = UUID.test(name) && isKnown(name);
      if (known || Date.now() - fs.statSync(path).mtimeMs < olderThanMs) continue;
      fs.rmSync(path, { force: true });
    }
  }
}

export function isFileUuid(text: string): boolean {
  return UUID.test(text);
}

/** A file that is being written; nobody sees it under its name before it is whole and synced. */
class Draft {
  readonly #folder: string;
  readonly #uuid: string;
  readonly #path: string;
  readonly #handle: number;
  readonly #hash: Hash = createHash("sha256");
  #size = 0;

  constructor(folder: string, uuid: string) {
    this.#folder = folder;
    this.#uuid = uuid;
    this.#path = join(folder, `${randomUUID()}.part`);
    this.#handle = fs.openSync(this.#path, "wx", 0o600);
  }

  write(piece: Uint8Array): void {
    this.#hash.update(piece);
    this.#size += piece.length;
    for (let done = 0; done < piece.length;) {
      done += fs.writeSync(this.#handle, piece, done);
    }
  }

  keep(): SavedFile {
    fs.fsyncSync(this.#handle);
    fs.closeSync(this.#handle);
    fs.renameSync(this.#path, join(this.#folder, this.#uuid));
    syncFolder(this.#folder);
    return { uuid: this.#uuid, sha256: this.#hash.digest("hex"), size: this.#size };
  }

  discard(): void {
    try {
      fs.closeSync(this.#handle);
    } catch {
      // It was closed before what failed.
    }
    fs.rmSync(this.#path, { force: true });
  }
}

/** Makes a rename last through a power cut. Windows keeps folders in order by itself. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = fs.openSync(folder, "r");
  fs.fsyncSync(handle);
  fs.closeSync(handle);
}
