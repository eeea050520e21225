/** What a Node timer can wait at most; it fires at once when given more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One timer that can be set for any time, however far, and moved. */
export class Alarm {
  readonly #ring: () => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** Rings once at `time` (ms), or in the next turn when that has passed. Replaces what was set. */
  set(time: number): void {
    this.clear();
    const delay = Math.max(0, time - Date.now());
    // A wait that is too long for the timer rings early; whoever is woken looks and sets it again.
    this.#timer = setTimeout(this.#ring, Math.min(delay, LONGEST_TIMER_MS));
  }

  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
