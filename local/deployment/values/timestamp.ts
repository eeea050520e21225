/**
 * Commit timestamps: nanoseconds since the epoch, as unsigned 64-bit integers.
 * On the wire a timestamp is the base64 of its eight bytes, little-endian.
 */

/** The wire form of a timestamp. */
export function encodeTimestamp(ts: bigint): string {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64LE(ts);
  return bytes.toString("base64");
}

/** Reads a timestamp from the wire. Throws a RangeError when it is not eight bytes of base64. */
export function decodeTimestamp(text: string): bigint {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== 8) {
    throw new RangeError(`A timestamp has 8 bytes, not ${bytes.length}: ${text}`);
  }
  return bytes.readBigUInt64LE();
}
