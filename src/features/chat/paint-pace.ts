/** After a picture that took this page one unit of time, it rests for so many units. */
const REST = 1.5;
/** And never longer than this, in milliseconds: a picture that once took long says little of the next. */
const REST_AT_MOST_MS = 250;
/** A page in the background paints nothing; it goes on at this pace, in milliseconds. */
const UNSEEN_MS = 500;

/**
 * Draws as often as this page can afford. Each drawing is timed to the moment that it is on the
 * screen, and the next waits in proportion: on a quick machine that is some thirty times a second,
 * and on one that is busy with twenty pages no work ever piles up behind the newest words.
 */
export class PaintPace {
  #isPainting = false;
  #restsUntil = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDue = false;
  #isEnded = false;
  readonly #draw: () => void;

  constructor(draw: () => void) {
    this.#draw = draw;
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
      this.#restsUntil = now + Math.min((now - startedAt) * REST, REST_AT_MOST_MS);
      this.#plan();
    });
  }
}

function afterPaint(then: () => void): void {
  let isDone = false;
  const once = () => {
    if (isDone) return;
    isDone = true;
    clearTimeout(timer);
    then();
  };
  const timer = setTimeout(once, UNSEEN_MS);
  if (document.hidden) return;
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      once();
    });
    port1.start();
    port2.postMessage(null);
  });
}
