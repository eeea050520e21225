/**
 * Nesting that no reader asks for, and that would cost the page seconds or its stack: one rule a
 * pattern. A pattern looks at each character a bounded number of times.
 */
const TANGLES = [
  // Forty quotes or lists that begin in one line.
  /^[ \t]*(?:(?:>[ \t]?|[-+*][ \t]+|\d{1,9}[.)][ \t]+)){40}/m,
  // A list sixty lists deep.
  /^[ \t]{120,}(?:[-+*]|\d{1,9}[.)])[ \t]/m,
  // Emphasis of emphasis of emphasis.
  /\*{500}|_{500}|~{500}/,
  // Elements that open one inside another.
  /(?:<[a-z][\w-]{0,20}(?:\s[^<>]{0,200})?>[^<]{0,40}){150}/i,
];

/** Whether a text is better shown as it was written than drawn. */
export function isTangled(markdown: string): boolean {
  return TANGLES.some((tangle) => tangle.test(markdown));
}
