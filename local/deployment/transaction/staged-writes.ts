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

  set(key: Key, doc: Doc | null | undefined): void {
    if (doc === undefined) {
      if (this.#docs.delete(key)) this.#keys.splice(this.#position(key), 1);
      return;
    }
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

/** A document that this transaction has written: in the snapshot, and now. */
interface StagedDocument {
  readonly table: Table;
  readonly before: Doc | null;
  readonly beforeKeys: readonly Key[];
  readonly after: Doc | null;
  readonly afterKeys: readonly Key[];
}

export class StagedWrites {
  readonly #documents = new Map<string, StagedDocument>();
  readonly #indexes = new Map<number, StagedIndex>();
  /** How to undo each write, oldest first. */
  readonly #journal: (() => void)[] = [];
  readonly #layers: number[] = [];

  /** The document as staged; undefined when this transaction has not written it. */
  document(id: string): Doc | null | undefined {
    return this.#documents.get(id)?.after;
  }

  index(indexId: number): StagedIndex | undefined {
    return this.#indexes.get(indexId);
  }

  /** Stages a document's new state. `current` is its state as this transaction sees it now. */
  write(table: Table, id: string, current: Doc | null, after: Doc | null): void {
    const known = this.#documents.get(id);
    const currentKeys = known?.afterKeys ?? (current ? indexKeys(table, current) : []);
    const afterKeys = after ? indexKeys(table, after) : [];
    const { before, beforeKeys } = known ?? { before: current, beforeKeys: currentKeys };
    this.#documents.set(id, { table, before, beforeKeys, after, afterKeys });
    this.#journal.push(() => {
      if (known) this.#documents.set(id, known);
      else this.#documents.delete(id);
    });
    for (const [at, index] of table.indexes.entries()) {
      const from = currentKeys[at];
      const to = afterKeys[at];
      if (from !== undefined && from !== to) this.#setEntry(index.id, from, null);
      if (to !== undefined) this.#setEntry(index.id, to, after);
    }
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
    while (this.#journal.length > length) this.#journal.pop()!();
  }

  /** What has changed, by document id. */
  changes(): Map<string, DocumentChange> {
    const changes = new Map<string, DocumentChange>();
    for (const [id, staged] of this.#documents) {
      if (staged.before || staged.after) changes.set(id, { id, ...staged });
    }
    return changes;
  }

  #setEntry(indexId: number, key: Key, doc: Doc | null): void {
    let index = this.#indexes.get(indexId);
    if (!index) this.#indexes.set(indexId, (index = new StagedIndex()));
    const previous = index.get(key);
    index.set(key, doc);
    this.#journal.push(() => index.set(key, previous));
  }
}
