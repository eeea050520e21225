/** How long other tabs are kept from telling it too: until storage has reached all of them. */
const CLAIM_MS = 2_000;

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

  /** Whether it is still to be told; the one tab that gets `true` tells it. */
  async take(): Promise<boolean> {
    if (this.#isTaken() || !(await claim(this.#key))) return false;
    // Another tab may have been first and be gone again.
    if (this.#isTaken()) return false;
    this.#taken = true;
    try {
      this.#storage.setItem(this.#key, "yes");
    } catch {
      // Storage is full or forbidden: told once by this page at least.
    }
    return true;
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

  #isTaken(): boolean {
    if (this.#taken) return true;
    try {
      return this.#storage.getItem(this.#key) !== null;
    } catch {
      return false;
    }
  }
}

/**
 * Whether this tab is the one to do what all tabs would do at the same moment. Storage alone cannot
 * say: two tabs may both find it empty. Where the browser has no locks, each tab is the one.
 */
function claim(name: string): Promise<boolean> {
  if (!("locks" in navigator)) return Promise.resolve(true);
  return new Promise((resolve) => {
    void navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
      resolve(lock !== null);
      if (lock) await new Promise((done) => setTimeout(done, CLAIM_MS));
    });
  });
}
