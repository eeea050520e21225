import type { Doc } from "./document.ts";

/** Bytes of documents, by Convex's accounting; there may be two times as many. */
const GENERATION_BYTES = 4 * 1024 * 1024;

/**
 * The documents that were read or written last, by row, as they are stored now: what is live is read
 * again with each change, and most of it has not changed. Kept in two generations; what is not asked
 * for while the younger one fills up is forgotten.
 */
export class RecentDocuments {
  #young = new Map<number, Doc>();
  #old = new Map<number, Doc>();
  #bytes = 0;

  get(row: number): Doc | undefined {
    const young = this.#young.get(row);
    if (young !== undefined) return young;
    const old = this.#old.get(row);
    if (old !== undefined) this.add(old);
    return old;
  }

  /** The document is what its row holds from now on. */
  add(doc: Doc): void {
    this.#young.set(doc.row, doc);
    this.#bytes += doc.size;
    if (this.#bytes < GENERATION_BYTES) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#bytes = 0;
  }

  delete(row: number): void {
    this.#young.delete(row);
    this.#old.delete(row);
  }
}
