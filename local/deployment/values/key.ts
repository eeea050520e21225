/**
 * Order-preserving index keys. A key is a binary string, one char (0..255) a byte, so that keys
 * compare with `<` and `===`, sort, and serve as map keys without copying; the data file holds the
 * same bytes as BLOBs, which SQLite compares alike.
 *
 * Each value starts with a tag, in the order of types. Text and bytes end with 0x00 and write an
 * own 0x00 as 0x00 0xff; arrays and objects end with 0x00. No tag reaches 0xff, therefore
 * `prefix + "\xff"` lies after every key that continues the prefix, and "\xff" after every key.
 */
import type { Value } from "convex/values";

/** A binary string, one char a byte. */
export type Key = string;

/** Sorts before every key. */
export const FIRST_KEY: Key = "";
/** Sorts after every key: the upper bound of an unbounded range. */
export const LAST_KEY: Key = "\xff";

const UNDEFINED = "\x01";
const NULL = "\x02";
const INT64 = "\x03";
const FLOAT64 = "\x04";
const FALSE = "\x05";
const TRUE = "\x06";
const STRING = "\x07";
const BYTES = "\x08";
const ARRAY = "\x09";
const OBJECT = "\x0a";
const INTERNAL_ID = "\x0b";
const END = "\x00";

const scratch = Buffer.alloc(8);

/** The key of one value; `undefined` stands for a missing field. */
export function encodeKey(value: Value | undefined): Key {
  switch (typeof value) {
    case "undefined":
      return UNDEFINED;
    case "boolean":
      return value ? TRUE : FALSE;
    case "string":
      return STRING + escapeText(value) + END;
    case "number":
      return encodeNumberKey(value);
    case "bigint":
      return encodeInt64Key(value);
    default:
      return value === null ? NULL : encodeCompoundKey(value);
  }
}

/** The tie-breaker that ends every index key but those of `by_id`: the document's sixteen bytes. */
export function internalIdKey(internal: string): Key {
  return INTERNAL_ID + internal;
}

/** The sixteen bytes of the document that an index key ends with. */
export function internalIdOfKey(key: Key): string {
  return key.slice(-16);
}

/** The least key after all keys that begin with `prefix` (a run of whole values). */
export function afterPrefix(prefix: Key): Key {
  return prefix + LAST_KEY;
}

/** The least key after `key`, which is a whole key: no key continues another. */
export function afterKey(key: Key): Key {
  return key + END;
}

/** The key as SQLite stores it. */
export function keyToBytes(key: Key): Buffer {
  return Buffer.from(key, "latin1");
}

/** The key of which SQLite gave the bytes in hexadecimal digits. */
export function keyFromHex(hex: string): Key {
  return Buffer.from(hex, "hex").toString("latin1");
}

function encodeNumberKey(value: number): Key {
  scratch.writeDoubleBE(value);
  if (scratch[0]! >= 128) {
    for (let at = 0; at < 8; at++) scratch[at] = ~scratch[at]!;
  } else {
    scratch[0]! |= 128;
  }
  return FLOAT64 + scratch.toString("latin1", 0, 8);
}

function encodeInt64Key(value: bigint): Key {
  scratch.writeBigInt64BE(value);
  scratch[0]! ^= 128;
  return INT64 + scratch.toString("latin1", 0, 8);
}

function encodeCompoundKey(value: NonNullable<Value>): Key {
  if (value instanceof ArrayBuffer) {
    return BYTES + escapeZeros(Buffer.from(value).toString("latin1")) + END;
  }
  if (Array.isArray(value)) {
    return ARRAY + value.map((element) => encodeKey(element)).join("") + END;
  }
  if (isCommitTsPlaceholder(value as object)) return encodeInt64Key(2n ** 63n - 1n);
  const fields = value as Record<string, Value | undefined>;
  let key = OBJECT;
  for (const name of Object.keys(fields).sort()) {
    if (fields[name] !== undefined) key += encodeKey(name) + encodeKey(fields[name]);
  }
  return key + END;
}

/** A timestamp that its commit will fill in; until then it sorts after every other int64. */
function isCommitTsPlaceholder(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== Object.prototype && prototype !== null;
}

// The control characters are meant: only a zero byte needs an escape.
// oxlint-disable-next-line no-control-regex
const PLAIN_TEXT = /^[\x01-\x7f]*$/;

function escapeText(text: string): string {
  return PLAIN_TEXT.test(text) ? text : escapeZeros(Buffer.from(text, "utf8").toString("latin1"));
}

function escapeZeros(bytes: string): string {
  return bytes.includes(END) ? bytes.replaceAll(END, "\x00\xff") : bytes;
}
