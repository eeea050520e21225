import { afterPaint } from "./after-paint";

/** After a picture that took this page one unit of time, it rests for so many units. */
const REST = 1.5;
/**
 * And never longer than this, in milliseconds: the writer of an answer has gathered its words
 * already, and a long rest here would be added to that wait.
 */
const REST_AT_MOST_MS = 50;
/** How much the newest picture weighs in what a picture takes: one that took long says little of the next. */
const NEWEST = 0.3;

/**
 * Draws as often as this page can afford. Each drawing is timed to the moment that it is on the
 * screen, and the next waits accordingly: on a quick machine that is some thirty times a second, and
 * on a slow one what the person does has its turn in between.
 */
export class PaintPace {
  #isPainting = false;
  #takes: number | null = null;
  #restsUntil = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDue = false;
  #isEnded = false;
  readonly #draw: () => void;
  readonly #restAfter: (takes: number) => number;

  /** @param restAfter how long it rests after a picture that takes so long, in milliseconds. */
  constructor(draw: () => void, restAfter = readingRest) {
    this.#draw = draw;
    this.#restAfter = restAfter;
  }

  /** There is something new: draws it now, or as soon as it may. */
  request(): void {
    if (this.#isEnded) return;
    this.#isDue = true;
    this.#plan();
  }

  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
  }

  #plan(): void {
    if (!this.#isDue || this.#isPainting || this.#isEnded) return;
    clearTimeout(this.#timer);
    const wait = this.#restsUntil - performance.now();
    if (wait > 0) this.#timer = setTimeout(() => this.#plan(), wait);
    else this.#paint();
  }

  #paint(): void {
    const startedAt = performance.now();
    this.#isDue = false;
    this.#isPainting = true;
    this.#draw();
    afterPaint(() => {
      const now = performance.now();
      this.#isPainting = false;
      this.#takes = averaged(this.#takes, now - startedAt);
      this.#restsUntil = now + this.#restAfter(this.#takes);
      this.#plan();
    });
  }
}

function averaged(before: number | null, newest: number): number {
  return before === null ? newest : before + NEWEST * (newest - before);
}

/** For words that somebody reads as they come. */
export function readingRest(takes: number): number {
  return Math.min(takes * REST, REST_AT_MOST_MS);
}
