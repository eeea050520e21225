/**
 * Whether a person has been told that credits are running out, kept in this browser for all of its
 * tabs and over reloads.
 */
export class LowCreditsNote {
  readonly #storage: Storage;
  readonly #key: string;
  #taken = false;

  constructor(storage: Storage, owner: string) {
    this.#storage = storage;
    this.#key = `parley:told-low:${owner}`;
  }

  /** Whether it is still to be told; whoever gets `true` tells it. */
  take(): boolean {
    try {
      if (this.#taken || this.#storage.getItem(this.#key) !== null) return false;
      this.#taken = true;
      this.#storage.setItem(this.#key, "yes");
    } catch {
      // Storage is full or forbidden: told once by this page at least.
    }
    return this.#taken;
  }

  /** There is enough again: the next fall is to be told. */
  clear() {
    this.#taken = false;
    try {
      this.#storage.removeItem(this.#key);
    } catch {
      // See above.
    }
  }
}
