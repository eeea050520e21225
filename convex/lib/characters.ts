/** The first `length` units of `text`, one fewer where that would cut a character in two. */
export function wholeCharacters(text: string, length: number): string {
  const cut = text.slice(0, Math.max(0, length));
  return endsInHalf(cut) ? cut.slice(0, -1) : cut;
}

/**
 * Beside blanks: control characters, what Unicode has shown as nothing (zero-width spaces, marks of
 * direction, fillers), and the Braille pattern without a dot.
 */
const VISIBLE = /[^\s\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether there is nothing to see in `text`: it is no message, no answer and no name. */
export function isBlank(text: string): boolean {
  return !VISIBLE.test(text);
}

/** The text without blanks around it; empty when there is nothing to see in it. */
export function trimmed(text: string): string {
  return isBlank(text) ? "" : text.trim();
}

/** The same on one line, each run of blanks in it one blank. */
export function oneLine(text: string): string {
  return trimmed(text.replace(/\s+/g, " "));
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
