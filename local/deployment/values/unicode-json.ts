/**
 * JSON as Convex reads it: a string is Unicode, in which there is no half of a surrogate pair. What a
 * client sends, what a function asks for and what it returns come as JSON, so none gets in.
 */

/** @throws SyntaxError for what is no JSON, or holds half a surrogate pair. */
export function parseUnicodeJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // Other clients may write whole pairs as escapes too.
  if (text.includes("\\u") && hasHalfPair(JSON.stringify(value))) {
    throw new SyntaxError("lone surrogate in a string");
  }
  return value;
}

/** @param json as JSON.stringify writes it: a pair as it is, and half of one as an escape. */
export function hasHalfPair(json: string): boolean {
  return json.includes("\\ud") && HALF_PAIR.test(json);
}

const HALF_PAIR = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;
