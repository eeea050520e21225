/** Writes that are on disk before the data file has them: one record, one sync for all that arrive together. */
import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import type { SQLInputValue } from "node:sqlite";
import { crc32 } from "node:zlib";

/** Made in full at once and written over again and again: to make a file longer costs a sync of its own. */
export const REDO_BYTES = 1024 * 1024;
/**
 * A file opened with this is written and synced in one call (Linux, as by `fdatasync`). Elsewhere
 * such a write may stop at the drive's own cache, and `fdatasync` goes further.
 */
const SYNCED_BY_WRITE = process.platform === "linux" ? constants.O_DSYNC : 0;
/** Begins each record; another one with each time that the log starts over. */
export const SALT_BYTES = 8;
/** The salt, the length of the rest, and a checksum of all but itself. */
const HEAD_BYTES = SALT_BYTES + 8;

/** One SQL statement with its values. */
export type Write = readonly [sql: string, values: readonly SQLInputValue[]];

export class RedoLog {
  readonly #descriptor: number;
  #salt: Uint8Array = new Uint8Array(SALT_BYTES);
  #end = 0;

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  static open(file: string): RedoLog {
    const flags = constants.O_RDWR | constants.O_CREAT | SYNCED_BY_WRITE;
    const descriptor = openSync(file, flags, 0o600);
    if (fstatSync(descriptor).size < REDO_BYTES) lengthen(descriptor, dirname(file));
    return new RedoLog(descriptor);
  }

  /** What was appended since the log started with that salt, up to the first record that is not whole. */
  *writesSince(salt: Uint8Array): Generator<Write> {
    const bytes = Buffer.alloc(REDO_BYTES);
    readSync(this.#descriptor, bytes, 0, REDO_BYTES, 0);
    for (let at = 0; at + HEAD_BYTES <= REDO_BYTES;) {
      const head = bytes.subarray(at, at + HEAD_BYTES);
      const end = at + HEAD_BYTES + head.readUInt32LE(SALT_BYTES);
      if (end > REDO_BYTES || Buffer.compare(head.subarray(0, SALT_BYTES), salt) !== 0) return;
      const body = bytes.subarray(at + HEAD_BYTES, end);
      if (checksum(head, body) !== head.readUInt32LE(SALT_BYTES + 4)) return;
      yield* decode(body.toString("utf8"));
      at = end;
    }
  }

  /** Everything in it is in the data file, which knows the new salt. */
  restart(salt: Uint8Array): void {
    this.#salt = salt;
    this.#end = 0;
  }

  /** Puts the writes on disk, as a whole or not at all. False when there is no room for them. */
  append(writes: readonly Write[]): boolean {
    const body = Buffer.from(encode(writes), "utf8");
    const record = Buffer.allocUnsafe(HEAD_BYTES + body.length);
    if (this.#end + record.length > REDO_BYTES) return false;
    record.set(this.#salt);
    record.writeUInt32LE(body.length, SALT_BYTES);
    record.writeUInt32LE(checksum(record, body), SALT_BYTES + 4);
    record.set(body, HEAD_BYTES);
    writeSync(this.#descriptor, record, 0, record.length, this.#end);
    if (!SYNCED_BY_WRITE) fdatasyncSync(this.#descriptor);
    this.#end += record.length;
    return true;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function lengthen(descriptor: number, folder: string): void {
  writeSync(descriptor, Buffer.alloc(REDO_BYTES), 0, REDO_BYTES, 0);
  fsyncSync(descriptor);
  // That the file is there has to survive too.
  const parent = openSync(folder, "r");
  fsyncSync(parent);
  closeSync(parent);
}

function checksum(head: Buffer, body: Buffer): number {
  return crc32(body, crc32(head.subarray(0, SALT_BYTES + 4)));
}

/** A value that JSON has no form for. */
type Marked = { readonly bytes: string } | { readonly integer: string };
type Encoded = string | number | null | Marked;

function encode(writes: readonly Write[]): string {
  return JSON.stringify(writes.map(([sql, values]) => [sql, values.map(encodeValue)]));
}

function encodeValue(value: SQLInputValue): Encoded {
  if (typeof value === "bigint") return { integer: value.toString() };
  if (typeof value !== "object" || value === null) return value;
  const { buffer, byteOffset, byteLength } = value;
  return { bytes: Buffer.from(buffer, byteOffset, byteLength).toString("base64") };
}

function decode(text: string): Write[] {
  const writes = JSON.parse(text) as [string, Encoded[]][];
  return writes.map(([sql, values]) => [sql, values.map(decodeValue)]);
}

function decodeValue(value: Encoded): SQLInputValue {
  if (typeof value !== "object" || value === null) return value;
  return "bytes" in value ? Buffer.from(value.bytes, "base64") : BigInt(value.integer);
}
