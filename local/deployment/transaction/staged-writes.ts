/**
 * The writes of a running mutation, laid over its snapshot. A journal takes back the writes of a
 * nested mutation that failed.
 */
import { indexKeys } from "../store/index-key.ts";
import type { Table } from "../store/catalog.ts";
import type { DocumentChange } from "../store/commit-log.ts";
import type { Doc } from "../store/document.ts";
import type { Order } from "../store/rows.ts";
import type { Key } from "../values/key.ts";

/** The staged entries of one index: documents under their new keys, null under keys that are gone. */
export class StagedIndex {
  readonly #docs = new Map<Key, Doc | null>();
  /** All keys of `#docs`, sorted. */
  readonly #keys: Key[] = [];

  get(key: Key): Doc | null | undefined {
    return this.#docs.get(key);
  }

  set(key: Key, doc: Doc | null): void {
    if (!this.#docs.has(key)) this.#keys.splice(this.#position(key), 0, key);
    this.#docs.set(key, doc);
  }

  /** The first staged document in the range, in reading order. */
  first(lower: Key, upper: Key, order: Order): { key: Key; doc: Doc } | null {
    const step = order === "asc" ? 1 : -1;
    const from = order === "asc" ? this.#position(lower) : this.#position(upper) - 1;
    for (let at = from; at >= 0 && at < this.#keys.length; at += step) {
      const key = this.#keys[at]!;
      if (key < lower || key >= upper) return null;
      const doc = this.#docs.get(key);
      if (doc) return { key, doc };
    }
    return null;
  }

  /** Where the key stands, or would. */
  #position(key: Key): number {
    let low = 0;
    let high = this.#keys.length;
    if (high > 0 && this.#keys[high - 1]! < key) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export class StagedWrites {
  readonly #documents = new Map<string, DocumentChange>();
  /** Made when the first index is read: most mutations only write. */
  #indexes: Map<number, StagedIndex> | null = null;
  /** What each write found staged of its document, oldest first. */
  readonly #journal: (readonly [id: string, known: DocumentChange | undefined])[] = [];
  readonly #layers: number[] = [];

  /** The document as staged; undefined when this transaction has not changed it. */
  document(id: string): Doc | null | undefined {
    return this.#documents.get(id)?.after;
  }

  /** The staged entries of an index; undefined when there are none. */
  index(indexId: number): StagedIndex | undefined {
    if (this.#indexes === null) {
      if (this.#documents.size === 0) return undefined;
      this.#indexes = new Map();
      for (const change of this.#documents.values()) {
        setEntries(this.#indexes, change.beforeKeys, change);
      }
    }
    return this.#indexes.get(indexId);
  }

  /** Stages a document's new state. `current` is its state as this transaction sees it now. */
  write(table: Table, id: string, current: Doc | null, after: Doc | null): void {
    const known = this.#documents.get(id);
    const currentKeys = known?.afterKeys ?? (current ? indexKeys(table, current) : []);
    const afterKeys = after ? indexKeys(table, after) : [];
    const { before, beforeKeys } = known ?? { before: current, beforeKeys: currentKeys };
    const change = { id, table, before, beforeKeys, after, afterKeys };
    this.#journal.push([id, known]);
    this.#put(id, before || after ? change : undefined);
    if (this.#indexes !== null) setEntries(this.#indexes, currentKeys, change);
  }

  /** All writes from here on can be taken back together. */
  beginLayer(): void {
    this.#layers.push(this.#journal.length);
  }

  commitLayer(): void {
    this.#layers.pop();
  }

  rollbackLayer(): void {
    const length = this.#layers.pop() ?? 0;
    if (this.#journal.length > length) this.#indexes = null;
    while (this.#journal.length > length) this.#put(...this.#journal.pop()!);
  }

  /** What has changed, by document id. A commit takes it over; nothing is written after it. */
  changes(): ReadonlyMap<string, DocumentChange> {
    return this.#documents;
  }

  #put(id: string, change: DocumentChange | undefined): void {
    if (change === undefined) this.#documents.delete(id);
    else this.#documents.set(id, change);
  }
}

/** Has the indexes lead to a document by its new keys, and no longer by those in `from`. */
function setEntries(
  indexes: Map<number, StagedIndex>,
  from: readonly Key[],
  { table, after, afterKeys }: DocumentChange,
): void {
  for (const [at, { id }] of table.indexes.entries()) {
    const to = afterKeys[at];
    const former = from[at];
    if (former === undefined && to === undefined) continue;
    let index = indexes.get(id);
    if (!index) indexes.set(id, (index = new StagedIndex()));
    if (former !== undefined && former !== to) index.set(former, null);
    if (to !== undefined) index.set(to, after);
  }
}
