import { forgetBlock, highlight } from "./highlight";
import type { CodeToken } from "./highlighter";

/** Code longer than this stays plain. */
const CODE_MAX_CHARACTERS = 60_000;
/** Blocks whose colours are kept for the next time they come into view. */
const KEPT_BLOCKS = 200;

const finished = new Map<string, readonly CodeToken[][]>();
let blocks = 0;

/**
 * The colours of one block of code while it grows. A line is coloured once, when it is complete, and
 * stays as it is; so nothing is coloured twice, nothing flickers, and a long block costs no more a
 * line than a short one. What is not coloured yet is for the reader plain text of the same size.
 */
export class CodeColours {
  readonly #language: string;
  readonly #listeners = new Set<() => void>();
  #block = ++blocks;
  #code = "";
  #isComplete = false;
  #lines: readonly CodeToken[][] = [];
  /** How much of the code was asked for, in UTF-16 units. */
  #position = 0;

  constructor(language: string, code: string) {
    this.#language = language;
    const known = finished.get(this.#key(code));
    if (known === undefined) return;
    this.#lines = known;
    this.#code = code;
    this.#isComplete = true;
    this.#position = code.length + 1;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The coloured lines, from the first. The same array as long as there is no more. */
  lines = (): readonly CodeToken[][] => this.#lines;

  /** Takes what the block holds now, and has coloured what is new in it. */
  read(code: string, isComplete: boolean) {
    if (this.#code === code && this.#isComplete === isComplete) return;
    if (!code.startsWith(this.#code.slice(0, this.#position))) this.#restart();
    this.#code = code;
    this.#isComplete = isComplete;
    if (code.length > CODE_MAX_CHARACTERS) return;
    const isStart = this.#position === 0;
    const lines = this.#newLines();
    if (lines.length > 0) void this.#colour(lines, isStart);
  }

  /** The block is gone from the page. */
  leave() {
    forgetBlock(this.#block);
  }

  /** The lines that are whole and were not asked for yet. */
  #newLines(): string[] {
    const rest = this.#code.slice(this.#position);
    const end = this.#isComplete ? rest.length : rest.lastIndexOf("\n");
    if (end <= 0 && !(end === 0 && rest.startsWith("\n"))) return [];
    this.#position += end + 1;
    return rest.slice(0, end).split("\n");
  }

  async #colour(lines: readonly string[], isStart: boolean) {
    const block = this.#block;
    const coloured = await highlight({ block, language: this.#language, lines, isStart });
    if (coloured === null || block !== this.#block) return;
    this.#show([...this.#lines, ...coloured]);
    if (this.#isComplete && this.#lines.length === this.#code.split("\n").length) this.#keep();
  }

  #restart() {
    forgetBlock(this.#block);
    this.#block = ++blocks;
    this.#position = 0;
    this.#show([]);
  }

  #show(lines: readonly CodeToken[][]) {
    this.#lines = lines;
    for (const listener of this.#listeners) listener();
  }

  #keep() {
    finished.set(this.#key(this.#code), this.#lines);
    const oldest = finished.keys().next().value;
    if (finished.size > KEPT_BLOCKS && oldest !== undefined) finished.delete(oldest);
  }

  #key(code: string): string {
    return `${this.#language}\n${code}`;
  }
}
