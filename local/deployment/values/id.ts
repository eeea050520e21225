/**
 * Document ids: lower-case Crockford base32 of the table number (a varint), sixteen bytes of our
 * own choice and a two-byte Fletcher-16 checksum. A table number above 127 gives 32 characters.
 * The table is known from the id alone, which validators, `normalizeId` and `get` need.
 */
import { randomFillSync } from "node:crypto";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const INTERNAL_LENGTH = 16;
const CHECKSUM_LENGTH = 2;
const MIN_LENGTH = encodedLength(1 + INTERNAL_LENGTH + CHECKSUM_LENGTH);
const MAX_LENGTH = encodedLength(5 + INTERNAL_LENGTH + CHECKSUM_LENGTH);

const DIGITS = new Int8Array(128).fill(-1);
for (let digit = 0; digit < ALPHABET.length; digit++) DIGITS[ALPHABET.charCodeAt(digit)] = digit;

/** What an id says: its table's number, and the sixteen bytes as a binary string (one char a byte). */
export interface DecodedId {
  readonly tableNumber: number;
  readonly internal: string;
}

/** Text that is not an id. The message ends Convex's own "Invalid argument" errors. */
export class IdError extends Error {
  override readonly name = "IdError";
}

/** The id of the document `internal` (16 chars, one a byte) in the table with that number. */
export function encodeId(tableNumber: number, internal: string): string {
  const bytes: number[] = [];
  for (let rest = tableNumber; ; rest >>>= 7) {
    if (rest < 128) {
      bytes.push(rest);
      break;
    }
    bytes.push((rest & 127) | 128);
  }
  for (let at = 0; at < INTERNAL_LENGTH; at++) bytes.push(internal.charCodeAt(at));
  const checksum = fletcher16(bytes, bytes.length);
  bytes.push(checksum & 255, checksum >> 8);
  return encodeBase32(bytes);
}

/** Reads an id. Throws an IdError when the text is not one in its one canonical form. */
export function decodeId(text: string): DecodedId {
  if (text.length < MIN_LENGTH || text.length > MAX_LENGTH) {
    throw new IdError(`Unable to decode ID: Invalid ID length ${text.length}`);
  }
  const bytes = decodeBase32(text);
  let tableNumber = 0;
  let at = 0;
  for (let more = true; more; at++) {
    const byte = bytes[at];
    if (byte === undefined || at >= 5) {
      throw new IdError("Unable to decode ID: Invalid table number");
    }
    tableNumber = (tableNumber | ((byte & 127) << (7 * at))) >>> 0;
    more = byte >= 128;
  }
  if (tableNumber === 0) throw new IdError("Unable to decode ID: Invalid table number");
  if (bytes.length !== at + INTERNAL_LENGTH + CHECKSUM_LENGTH) {
    throw new IdError(`Unable to decode ID: Invalid ID length ${text.length}`);
  }
  const internal = String.fromCharCode(...bytes.slice(at, at + INTERNAL_LENGTH));
  const expected = fletcher16(bytes, at + INTERNAL_LENGTH);
  const found = bytes[bytes.length - 2]! | (bytes[bytes.length - 1]! << 8);
  if (found !== expected) {
    throw new IdError(`Unable to decode ID: Invalid ID version ${found} (expected ${expected})`);
  }
  if (encodeId(tableNumber, internal) !== text) {
    throw new IdError(`Unable to decode ID: Invalid ID length ${text.length}`);
  }
  return { tableNumber, internal };
}

/** The id's parts, or null when the text is not an id. */
export function tryDecodeId(text: string): DecodedId | null {
  try {
    return decodeId(text);
  } catch (error) {
    if (error instanceof IdError) return null;
    throw error;
  }
}

const TIME_LENGTH = 4;
const RANDOM_LENGTH = INTERNAL_LENGTH - TIME_LENGTH;
const POOL_LENGTH = 512 * RANDOM_LENGTH;
const pool = Buffer.alloc(POOL_LENGTH);
const time = Buffer.alloc(TIME_LENGTH);
let poolAt = POOL_LENGTH;

/**
 * Sixteen fresh bytes as a binary string: the second of `now` (milliseconds) and 96 random bits.
 * With the time in front, new documents fill the same pages of the data file, whatever its size;
 * documents tell their creation time anyway. The random bytes come from a pool, because one
 * system call an id is dear.
 */
export function newInternalId(now: number): string {
  if (poolAt === POOL_LENGTH) {
    randomFillSync(pool);
    poolAt = 0;
  }
  poolAt += RANDOM_LENGTH;
  time.writeUInt32BE(Math.floor(now / 1_000) >>> 0);
  return time.toString("latin1") + pool.toString("latin1", poolAt - RANDOM_LENGTH, poolAt);
}

function encodedLength(bytes: number): number {
  return Math.ceil((bytes * 8) / 5);
}

function fletcher16(bytes: readonly number[], end: number): number {
  let low = 0;
  let high = 0;
  for (let at = 0; at < end; at++) {
    low = (low + bytes[at]!) & 255;
    high = (high + low) & 255;
  }
  return (high << 8) | low;
}

function encodeBase32(bytes: readonly number[]): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + ALPHABET[(held << (5 - bits)) & 31] : text;
}

function decodeBase32(text: string): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = DIGITS[text.charCodeAt(at)] ?? -1;
    if (digit < 0) throw new IdError("Unable to decode ID: ID wasn't valid base32");
    held = (held << 5) | digit;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push(held >> bits);
      held &= (1 << bits) - 1;
    }
  }
  return bytes;
}
