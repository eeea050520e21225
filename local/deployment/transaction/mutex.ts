/** A lock that is given in the order of asking. */
export class Mutex {
  readonly #waiting: (() => void)[] = [];
  #isHeld = false;

  /** Runs `work` alone among all that pass through this mutex. A throw releases it too. */
  async run<T>(work: () => Promise<T> | T): Promise<T> {
    if (this.#isHeld) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isHeld = true;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#isHeld = false;
    }
  }
}
