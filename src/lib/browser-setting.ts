/** A setting that is kept in this browser and shared by its tabs; `null` while it is not set. */
export class BrowserSetting {
  readonly #key: string;
  readonly #listeners = new Set<() => void>();

  constructor(key: string) {
    this.#key = key;
  }

  read(): string | null {
    return localStorage.getItem(this.#key);
  }

  write(value: string | null) {
    if (value === null) localStorage.removeItem(this.#key);
    else localStorage.setItem(this.#key, value);
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` when it may have changed, here or in another tab. Returns what ends that. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    window.addEventListener("storage", listener);
    return () => {
      this.#listeners.delete(listener);
      window.removeEventListener("storage", listener);
    };
  };
}
