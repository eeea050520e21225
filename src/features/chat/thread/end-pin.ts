/** A finger that moved this far down is scrolling up, in pixels. */
const TOUCH_INTENT_PX = 6;
/** Less than this is the rounding of the browser and not a move, in pixels. */
const ROUNDING_PX = 3;
/** Whoever scrolls down to this near the end wants to follow again, in pixels. */
const REATTACH_PX = 40;

const KEYS_UP = new Set(["ArrowUp", "PageUp", "Home"]);

/**
 * Keeps a scrolling element at its end, for as long as the person wants to be there. It lets go at
 * the first sign of wanting to go up, before the first pixel has moved, and holds on again when the
 * person comes back to the end. It is the only one that moves the element by itself, except for the
 * list, which makes good for what changes above the view.
 */
export class EndPin {
  readonly #listeners = new Set<() => void>();
  #scroller: HTMLElement | null = null;
  #isPinned: boolean;
  /** Where the element stood, and how high its content was, when we last looked. */
  #top = 0;
  #height = 0;
  #touchedAt = 0;
  /** It was led to another place than the end, and the person has not moved it since. */
  #isLed: boolean;

  constructor(isPinned: boolean) {
    this.#isPinned = isPinned;
    this.#isLed = !isPinned;
  }

  /** Whether the end is being followed. Tells its subscribers of changes. */
  isPinned = (): boolean => this.#isPinned;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes over a scrolling element and what scrolls in it. Returns what ends that. */
  attach(scroller: HTMLElement, content: HTMLElement): () => void {
    this.#scroller = scroller;
    const ended = new AbortController();
    const options = { signal: ended.signal, passive: true };
    scroller.addEventListener("wheel", ({ deltaY }) => deltaY < 0 && this.#letGo(), options);
    scroller.addEventListener("keydown", this.#onKey, options);
    scroller.addEventListener("touchstart", this.#onTouch, options);
    scroller.addEventListener("touchmove", this.#onTouchMove, options);
    scroller.addEventListener("scroll", this.#onScroll, options);
    for (const input of ["wheel", "keydown", "touchstart", "pointerdown"]) {
      scroller.addEventListener(input, this.#onInput, options);
    }
    // What React changes is followed before it is painted; what grows later (a font, a picture, the
    // composer below) when its size is known.
    const changes = new MutationObserver(this.#follow);
    changes.observe(content, {
      subtree: true,
      childList: true,
      characterData: true,
      attributeFilter: ["style"],
    });
    const sizes = new ResizeObserver(this.#follow);
    sizes.observe(content);
    sizes.observe(scroller);
    this.#follow();
    return () => {
      ended.abort();
      changes.disconnect();
      sizes.disconnect();
    };
  }

  /** Goes to the end, and follows it from now on. */
  pin = (): void => {
    this.#isLed = false;
    this.#set(true);
    this.#follow();
  };

  /** Stays where it is from now on: the person was led to another place. */
  release = (): void => {
    this.#isLed = true;
    this.#set(false);
  };

  readonly #follow = (): void => {
    if (this.#scroller === null) return;
    if (this.#isPinned) this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#look(this.#scroller);
  };

  readonly #onScroll = (): void => {
    const scroller = this.#scroller;
    if (scroller === null) return;
    const moved = scroller.scrollTop - this.#top;
    const isSameHeight = scroller.scrollHeight === this.#height;
    const left = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
    this.#look(scroller);
    // On the way to a place, the end is met where the list does not know its height yet.
    if (this.#isLed) return;
    // A move up that no change of the content explains: the scrollbar, a search in the page.
    if (moved < -ROUNDING_PX && isSameHeight && left > ROUNDING_PX) this.#letGo();
    else if (moved > 0 && left <= (isSameHeight ? REATTACH_PX : ROUNDING_PX)) this.#set(true);
  };

  readonly #onInput = (): void => {
    this.#isLed = false;
  };

  readonly #onKey = ({ key, shiftKey, target }: KeyboardEvent): void => {
    const isWriting = target instanceof HTMLElement && target.matches("input, textarea, select");
    if (!isWriting && (KEYS_UP.has(key) || (key === " " && shiftKey))) this.#letGo();
  };

  readonly #onTouch = ({ touches }: TouchEvent): void => {
    this.#touchedAt = touches[0]?.clientY ?? 0;
  };

  readonly #onTouchMove = ({ touches }: TouchEvent): void => {
    if ((touches[0]?.clientY ?? 0) - this.#touchedAt > TOUCH_INTENT_PX) this.#letGo();
  };

  #letGo(): void {
    const scroller = this.#scroller;
    // Where there is nothing above, nobody can want to go there.
    if (scroller !== null && scroller.scrollHeight > scroller.clientHeight) this.#set(false);
  }

  #look({ scrollTop, scrollHeight }: HTMLElement): void {
    this.#top = scrollTop;
    this.#height = scrollHeight;
  }

  #set(isPinned: boolean): void {
    if (this.#isPinned === isPinned) return;
    this.#isPinned = isPinned;
    for (const listener of this.#listeners) listener();
  }
}
