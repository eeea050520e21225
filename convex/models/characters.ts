import { wholeCharacters } from "../chat/limits";

/**
 * Gives text that was cut anywhere in whole characters: half of one waits for its other half. One
 * whose other half never comes is replaced or left out, because no document can hold it.
 */
export class WholeCharacters {
  #half = "";

  add(piece: string): string {
    const text = this.#half + piece;
    const whole = wholeCharacters(text, text.length);
    this.#half = text.slice(whole.length);
    return whole.toWellFormed();
  }
}
