/** What a transaction has read: per index, half-open intervals of keys. */
import { afterKey } from "../values/key.ts";
import type { Key } from "../values/key.ts";
import type { KeyRange } from "../store/rows.ts";

/** An interval that grows while its scan goes on. Empty while `lower` is not below `upper`. */
export interface OpenInterval {
  readonly lower: Key;
  readonly upper: Key;
}

export class ReadSet {
  readonly #intervals = new Map<number, OpenInterval[]>();

  /** Records one key. */
  addPoint(indexId: number, key: Key): void {
    this.#of(indexId).push({ lower: key, upper: afterKey(key) });
  }

  /** Records an interval that the caller may still widen. */
  open(indexId: number, interval: OpenInterval): void {
    this.#of(indexId).push(interval);
  }

  /** The intervals read so far by index id, sorted, disjoint and none of them empty. */
  ranges(): ReadonlyMap<number, readonly KeyRange[]> {
    const ranges = new Map<number, KeyRange[]>();
    for (const [indexId, intervals] of this.#intervals) {
      const merged = merge(intervals);
      if (merged.length > 0) ranges.set(indexId, merged);
    }
    return ranges;
  }

  /** Whether any of the written keys lies in what was read. */
  touches(writes: ReadonlyMap<number, readonly Key[]>): boolean {
    for (const [indexId, keys] of writes) {
      const intervals = this.#intervals.get(indexId);
      if (!intervals) continue;
      for (const key of keys) {
        if (intervals.some(({ lower, upper }) => lower <= key && key < upper)) return true;
      }
    }
    return false;
  }

  #of(indexId: number): OpenInterval[] {
    let intervals = this.#intervals.get(indexId);
    if (!intervals) this.#intervals.set(indexId, (intervals = []));
    return intervals;
  }
}

function merge(intervals: readonly OpenInterval[]): KeyRange[] {
  const sorted = intervals
    .filter(({ lower, upper }) => lower < upper)
    .sort((a, b) => (a.lower < b.lower ? -1 : a.lower > b.lower ? 1 : 0));
  const merged: { lower: Key; upper: Key }[] = [];
  for (const { lower, upper } of sorted) {
    const last = merged.at(-1);
    if (!last || lower > last.upper) merged.push({ lower, upper });
    else if (upper > last.upper) last.upper = upper;
  }
  return merged;
}
