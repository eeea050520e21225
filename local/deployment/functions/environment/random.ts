import { createHash } from "node:crypto";

/**
 * Random numbers in [0, 1) that follow from the seed alone, so that the same query on the same data
 * draws the same numbers. (xoshiro128**, David Blackman and Sebastiano Vigna, public domain.)
 */
export function seededRandom(seed: string): () => number {
  const digest = createHash("sha256").update(seed).digest();
  let a = digest.readUInt32LE(0);
  let b = digest.readUInt32LE(4);
  let c = digest.readUInt32LE(8);
  let d = digest.readUInt32LE(12) | 1;
  const next = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  };
  return () => ((next() >>> 5) * 0x4000000 + (next() >>> 6)) / 0x20000000000000;
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/** As {@link seededRandom}, made ready with the first number: most functions draw none. */
export function randomFrom(seed: () => string): () => number {
  let random: (() => number) | undefined;
  return () => (random ??= seededRandom(seed()))();
}
