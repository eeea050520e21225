/** The first `length` units of `text`, one fewer where that would cut a character in two. */
export function wholeCharacters(text: string, length: number): string {
  const cut = text.slice(0, Math.max(0, length));
  return endsInHalf(cut) ? cut.slice(0, -1) : cut;
}

/** Whether `text` ends in the first half of a surrogate pair. */
function endsInHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}

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
