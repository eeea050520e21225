/**
 * Characters that change the direction of what follows, or that nobody sees. In code they can make
 * a reader see another program than a compiler does (CVE-2021-42574).
 */
const HIDDEN = /[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** The same code with each of those characters written out, as `\u202e`. */
export function withVisibleControls(code: string): string {
  return code.replaceAll(
    HIDDEN,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
