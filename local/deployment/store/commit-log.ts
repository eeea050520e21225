/**
 * What recent commits changed, with the documents as they were before: enough to read any snapshot
 * that is still wanted on top of the live rows, without keeping versions in the data file.
 */
import type { Key } from "../values/key.ts";
import type { Catalog, Table } from "./catalog.ts";
import type { Doc } from "./document.ts";

/**
 * Kept beyond what readers need, so that a snapshot from a moment ago can still be opened. There may
 * be twice as many before the older half is let go of at once: one by one, each commit would copy
 * the whole list.
 */
const RETAINED_COMMITS = 1_000;
const RETAINED_BYTES = 16 * 1024 * 1024;

/** One document before and after a commit. The keys are in the order of `table.indexes`. */
export interface DocumentChange {
  readonly table: Table;
  readonly id: string;
  readonly before: Doc | null;
  readonly beforeKeys: readonly Key[];
  readonly after: Doc | null;
  readonly afterKeys: readonly Key[];
}

/** A commit as the rest of the deployment hears of it. */
export interface Commit {
  readonly ts: bigint;
  /** By index id: the keys, old and new, of each changed document; equal ones too, since its value changed. */
  readonly writes: ReadonlyMap<number, readonly Key[]>;
}

export interface LogEntry extends Commit {
  readonly changes: ReadonlyMap<string, DocumentChange>;
  /** The catalog before this commit, where the commit changed it. */
  readonly previousCatalog: Catalog | null;
}

/** What to put over the live entries of an index: null hides the entry with that key. */
export type Overlay = ReadonlyMap<Key, Doc | null>;

export class CommitLog {
  #entries: LogEntry[] = [];
  #bytes = 0;
  /** Snapshots from this timestamp on can be read. */
  #oldestTs: bigint;

  constructor(startTs: bigint) {
    this.#oldestTs = startTs;
  }

  get oldestTs(): bigint {
    return this.#oldestTs;
  }

  append(entry: LogEntry): void {
    this.#entries.push(entry);
    this.#bytes += bytesOf(entry);
  }

  /** Forgets commits at or before `neededTs`, except the most recent ones. */
  trim(neededTs: bigint): void {
    const isShort = this.#entries.length < 2 * RETAINED_COMMITS;
    if (isShort && this.#bytes < 2 * RETAINED_BYTES) return;
    let drop = 0;
    for (const entry of this.#entries) {
      const spare = this.#entries.length - drop > RETAINED_COMMITS || this.#bytes > RETAINED_BYTES;
      if (entry.ts > neededTs || !spare) break;
      this.#bytes -= bytesOf(entry);
      this.#oldestTs = entry.ts;
      drop++;
    }
    if (drop > 0) this.#entries = this.#entries.slice(drop);
  }

  /** The document's state at `ts`, where a later commit changed it; undefined where none did. */
  documentAt(id: string, ts: bigint): Doc | null | undefined {
    let found: Doc | null | undefined;
    for (const entry of this.#newerThan(ts)) {
      const change = entry.changes.get(id);
      if (change) found = change.before;
    }
    return found;
  }

  /** What leads from the live entries of an index back to those at `ts`; null when nothing changed. */
  overlayAt(table: Table, indexAt: number, ts: bigint): Overlay | null {
    const indexId = table.indexes[indexAt]!.id;
    let overlay: Map<Key, Doc | null> | null = null;
    for (const entry of this.#newerThan(ts)) {
      if (!entry.writes.has(indexId)) continue;
      overlay ??= new Map();
      for (const change of entry.changes.values()) {
        const at = indexPosition(change.table, table, indexId, indexAt);
        if (at === -1) continue;
        if (change.after) overlay.set(change.afterKeys[at]!, null);
        if (change.before) overlay.set(change.beforeKeys[at]!, change.before);
      }
    }
    return overlay;
  }

  /** The table's documents that later commits changed, by id: as they were at `ts`, and their row. */
  documentsAt(tableNumber: number, ts: bigint): Map<string, { doc: Doc | null; row: number }> {
    const documents = new Map<string, { doc: Doc | null; row: number }>();
    for (const entry of this.#newerThan(ts)) {
      for (const { id, table, before, after } of entry.changes.values()) {
        if (table.number !== tableNumber) continue;
        documents.set(id, { doc: before, row: (before ?? after)!.row });
      }
    }
    return documents;
  }

  /** The catalog at `ts`, given the live one. */
  catalogAt(ts: bigint, live: Catalog): Catalog {
    let catalog = live;
    for (const entry of this.#newerThan(ts)) catalog = entry.previousCatalog ?? catalog;
    return catalog;
  }

  /** The commits after `ts`, newest first: the order in which to undo them. */
  *#newerThan(ts: bigint): Iterable<LogEntry> {
    for (let at = this.#entries.length - 1; at >= 0; at--) {
      const entry = this.#entries[at]!;
      if (entry.ts <= ts) return;
      yield entry;
    }
  }
}

/** Where the index stands in the table as the commit knew it; -1 for another table or an unknown index. */
function indexPosition(changed: Table, table: Table, indexId: number, indexAt: number): number {
  if (changed === table) return indexAt;
  if (changed.number !== table.number) return -1;
  return changed.indexes.findIndex((index) => index.id === indexId);
}

function bytesOf(entry: LogEntry): number {
  let bytes = 0;
  for (const { before, after } of entry.changes.values()) {
    bytes += (before?.size ?? 0) + (after?.size ?? 0);
  }
  return bytes;
}
