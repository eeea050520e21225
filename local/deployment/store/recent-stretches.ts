import type { Key } from "../values/key.ts";
import type { KeyRange, Order } from "./rows.ts";

/** One entry of an index: its key and the row that it leads to. */
export type Entry = readonly [key: Key, row: number];

/** What is longer is forgotten: to keep it sorted would cost more than to read it again. */
const LONGEST = 1_024;
/** How many entries are kept; a stretch counts as some, for what it takes itself. */
const MOST = 40_000;
const STRETCH_COUNTS = 4;

/** All entries of an index from `lower` on and below `upper`, sorted. */
interface Stretch {
  readonly lower: Key;
  readonly upper: Key;
  readonly keys: Key[];
  readonly rows: number[];
  isUsed: boolean;
}

/**
 * The stretches of indexes that were read last, as they are stored now: what is live is read again
 * with each change, and one entry more is all that has changed.
 */
export class RecentStretches {
  /** By index; of each in the order of their keys, none overlapping another. */
  readonly #indexes = new Map<number, Stretch[]>();
  #count = 0;

  /** The first `limit` entries of the range in that order, or all; null when they are not known. */
  find(indexId: number, range: KeyRange, order: Order, limit: number): Entry[] | null {
    const stretches = this.#indexes.get(indexId);
    if (stretches === undefined) return null;
    const { lower, upper } = range;
    const isAscending = order === "asc";
    const at = isAscending ? startingUpTo(stretches, lower) : startingBefore(stretches, upper);
    const stretch = stretches[at - 1];
    if (stretch === undefined) return null;
    if (isAscending ? lower >= stretch.upper : upper > stretch.upper) return null;
    let from = position(stretch.keys, lower);
    let to = position(stretch.keys, upper);
    const isWhole = stretch.lower <= lower && upper <= stretch.upper;
    if (!isWhole && to - from < limit) return null;
    if (isAscending) to = Math.min(to, from + limit);
    else from = Math.max(from, to - limit);
    stretch.isUsed = true;
    const entries: Entry[] = [];
    const step = isAscending ? 1 : -1;
    for (let i = isAscending ? from : to - 1; i >= from && i < to; i += step) {
      entries.push([stretch.keys[i]!, stretch.rows[i]!]);
    }
    return entries;
  }

  /** Remembers that the range holds these entries and no others. They come in the order of keys. */
  learn(indexId: number, { lower, upper }: KeyRange, entries: readonly Entry[]): void {
    if (entries.length > LONGEST || lower >= upper) return;
    const known = this.#indexes.get(indexId);
    const stretches = known ?? [];
    if (known === undefined) this.#indexes.set(indexId, stretches);
    const before = startingUpTo(stretches, lower);
    const isInside = before > 0 && stretches[before - 1]!.upper > lower;
    const from = isInside ? before - 1 : before;
    const learnt: Stretch = {
      lower,
      upper,
      keys: entries.map(([key]) => key),
      rows: entries.map(([, row]) => row),
      isUsed: true,
    };
    this.#replace(stretches, from, startingBefore(stretches, upper), learnt);
    this.#join(stretches, from);
    this.#join(stretches, from - 1);
    if (this.#count > MOST) this.#sweep();
  }

  /** The index holds this entry from now on. */
  insert(indexId: number, key: Key, row: number): void {
    const found = this.#containing(indexId, key);
    if (found === null) return;
    const { keys, rows } = found.stretches[found.at]!;
    const at = position(keys, key);
    if (keys[at] === key) {
      rows[at] = row;
      return;
    }
    if (keys.length >= LONGEST) return this.#replace(found.stretches, found.at, found.at + 1);
    keys.splice(at, 0, key);
    rows.splice(at, 0, row);
    this.#count++;
  }

  delete(indexId: number, key: Key): void {
    const found = this.#containing(indexId, key);
    if (found === null) return;
    const { keys, rows } = found.stretches[found.at]!;
    const at = position(keys, key);
    if (keys[at] !== key) return;
    keys.splice(at, 1);
    rows.splice(at, 1);
    this.#count--;
  }

  /** Of an index that is no more. */
  forget(indexId: number): void {
    const stretches = this.#indexes.get(indexId) ?? [];
    this.#replace(stretches, 0, stretches.length);
    this.#indexes.delete(indexId);
  }

  #containing(indexId: number, key: Key): { stretches: Stretch[]; at: number } | null {
    const stretches = this.#indexes.get(indexId);
    if (stretches === undefined) return null;
    const at = startingUpTo(stretches, key) - 1;
    return at >= 0 && key < stretches[at]!.upper ? { stretches, at } : null;
  }

  /** Makes one stretch of two that touch. */
  #join(stretches: Stretch[], at: number): void {
    const [one, next] = [stretches[at], stretches[at + 1]];
    if (one === undefined || next === undefined || one.upper !== next.lower) return;
    if (one.keys.length + next.keys.length > LONGEST) return;
    const keys = [...one.keys, ...next.keys];
    const rows = [...one.rows, ...next.rows];
    const whole = { lower: one.lower, upper: next.upper, keys, rows, isUsed: true };
    this.#replace(stretches, at, at + 2, whole);
  }

  #replace(stretches: Stretch[], from: number, to: number, ...by: Stretch[]): void {
    for (const stretch of by) this.#count += STRETCH_COUNTS + stretch.keys.length;
    const former = stretches.splice(from, to - from, ...by);
    for (const stretch of former) this.#count -= STRETCH_COUNTS + stretch.keys.length;
  }

  /** Forgets what was not read since the last time, or everything when that is hardly less. */
  #sweep(): void {
    let kept = 0;
    for (const [indexId, stretches] of this.#indexes) {
      const used = stretches.filter(({ isUsed }) => isUsed);
      for (const stretch of used) {
        stretch.isUsed = false;
        kept += STRETCH_COUNTS + stretch.keys.length;
      }
      this.#indexes.set(indexId, used);
    }
    this.#count = kept;
    if (kept <= MOST / 2) return;
    this.#indexes.clear();
    this.#count = 0;
  }
}

/** How many stretches begin at the key or before it. */
function startingUpTo(stretches: readonly Stretch[], key: Key): number {
  return countFirst(stretches.length, (at) => stretches[at]!.lower <= key);
}

/** How many stretches begin before the key. */
function startingBefore(stretches: readonly Stretch[], key: Key): number {
  return countFirst(stretches.length, (at) => stretches[at]!.lower < key);
}

/** Where the key stands in sorted keys, or would. */
function position(keys: readonly Key[], key: Key): number {
  return countFirst(keys.length, (at) => keys[at]! < key);
}

/** How many places of a sorted list come first, which `isFirst` tells of each. */
function countFirst(length: number, isFirst: (at: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isFirst(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
