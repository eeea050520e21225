/** Convex's limits on the shape of one value, and how its messages write an amount of bytes. Pure. */

const MAX_NESTING = 64;
const MAX_FIELDS = 1_024;
const MAX_ELEMENTS = 8_192;

const UNITS = ["B", "KiB", "MiB", "GiB"];

/** An amount of bytes as Convex writes it: `1 MiB`, `1.50 MiB`. */
export function formatBytes(bytes: number): string {
  let unit = 0;
  let amount = bytes;
  for (; amount >= 1024 && unit < UNITS.length - 1; unit++) amount /= 1024;
  return `${Number.isInteger(amount) ? amount : amount.toFixed(2)} ${UNITS[unit]}`;
}

/**
 * What is too much about a value, in Convex's words; null when nothing is.
 *
 * @param json the encoded value. It is read once and not decoded: most values are far from any limit.
 * @param wrapping how many levels around the value are not its own.
 */
export function shapeProblem(json: string, wrapping = 0): string | null {
  // The least text that could be nested too deep; other limits take more.
  if (json.length < 2 * MAX_NESTING) return null;
  const open: (typeof NOTHING_OPEN)[] = [];
  let scalars = 0;
  for (let at = 0; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(json, at);
        break;
      case LEFT_BRACKET:
      case LEFT_BRACE: {
        const isArray = json.charCodeAt(at) === LEFT_BRACKET;
        // An encoded number or bytes: {"$integer": …}.
        const isScalar = !isArray && json.startsWith('"$', at + 1);
        if (isScalar) scalars++;
        open.push({ isArray, isScalar, commas: 0 });
        const depth = open.length - scalars - wrapping;
        if (depth > MAX_NESTING) {
          return `Value is too nested (nested ${depth} levels deep > maximum nesting ${MAX_NESTING})`;
        }
        break;
      }
      case COMMA: {
        const container = open.at(-1);
        if (container) container.commas++;
        break;
      }
      case RIGHT_BRACKET:
      case RIGHT_BRACE: {
        const { isArray, isScalar, commas } = open.pop() ?? NOTHING_OPEN;
        if (isScalar) scalars--;
        const count = commas + 1;
        if (isArray && count > MAX_ELEMENTS) return tooManyElements(count);
        if (!isArray && count > MAX_FIELDS) return tooManyFields(count);
        break;
      }
    }
  }
  return null;
}

function tooManyElements(count: number): string {
  return `Array length is too long (${count} > maximum length ${MAX_ELEMENTS})`;
}

function tooManyFields(count: number): string {
  return `Object has too many fields (${count} > maximum number ${MAX_FIELDS})`;
}

/** For text that is no JSON, which others refuse. */
const NOTHING_OPEN = { isArray: false, isScalar: false, commas: 0 };

const QUOTE = 0x22;
const COMMA = 0x2c;
const LEFT_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const RIGHT_BRACKET = 0x5d;
const LEFT_BRACE = 0x7b;
const RIGHT_BRACE = 0x7d;

function endOfString(json: string, start: number): number {
  let at = json.indexOf('"', start + 1);
  while (at !== -1) {
    let backslashes = 0;
    while (json.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return at;
    at = json.indexOf('"', at + 1);
  }
  return json.length;
}
