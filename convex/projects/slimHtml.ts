/**
 * A page may have its text in a thousand tags or in a million, and taking it apart costs by the
 * tag. What no article needs is left out here, in one pass over the source that costs by the
 * character, before anything is built of it.
 */

/** Tags, texts between them and entities: what follows after so many is left out. */
const MAX_PIECES = 30_000;
/** With more it is no page to read. */
const ABSURD_PIECES = 200_000;
/** What follows after this much text is left out: more than a model reads at once came before. */
const MAX_TEXT_CHARACTERS = 600_000;
const MAX_VALUE_CHARACTERS = 1_000;
const MAX_ADDRESS_CHARACTERS = 2_000;
const MAX_ATTRIBUTES_CHARACTERS = 4_000;

/** Left out with all that is in them. */
const DROPPED_WHOLE = new Set(
  "script style textarea iframe noembed noframes xmp svg math template select button object canvas video audio".split(
    " ",
  ),
);
/** Left out themselves: they hold no text, or may be missing from any page. */
const DROPPED = new Set("img picture source input embed track link wbr html head body".split(" "));
/** What says of an element whether it belongs to the article, where it leads, and what it is called. */
const KEPT_ATTRIBUTES = new Set(
  "href class id role rel itemprop name property content style hidden aria-hidden start".split(" "),
);

const TAG_NAME = /<(\/?)([a-z][a-z\d:-]{0,40})/iy;
const ENTITY = /&(?:(quot|apos|nbsp|gt)|#(\d{1,6})|#x([\da-f]{1,6}));/gi;
const NAMED: Readonly<Record<string, string>> = { quot: '"', apos: "'", nbsp: "\u00a0", gt: ">" };

/** The source without what is not read, or `null` for one that is built of too many pieces. */
export function slimHtml(html: string): string | null {
  const parts: string[] = [];
  const ends = new Ends(html);
  let pieces = 0;
  let characters = 0;
  let at = 0;
  const put = (part: string, count: number) => {
    if (pieces <= MAX_PIECES) parts.push(part);
    pieces += count;
  };
  while (at < html.length && characters < MAX_TEXT_CHARACTERS) {
    const open = html.indexOf("<", at);
    if (open !== at) {
      const end = open === -1 ? html.length : open;
      const text = withoutEntities(html.slice(at, Math.min(end, at + MAX_TEXT_CHARACTERS)));
      put(text, text.split("&").length);
      characters += text.length;
      at = end;
      continue;
    }
    TAG_NAME.lastIndex = at;
    const [start, slash = "", named = ""] = TAG_NAME.exec(html) ?? [];
    const name = named.toLowerCase();
    if (start === undefined) {
      const isMarkup = /[!?/]/.test(html[at + 1] ?? "");
      if (!isMarkup) put("&lt;", 1);
      at = isMarkup ? ends.ofMarkup(at) : at + 1;
    } else {
      const tag = readTag(html, at + start.length);
      if (tag === null) break;
      at = tag.end;
      if (name === "title" && slash === "") {
        const end = ends.ofElement(name, at) ?? at;
        put(`<title>${html.slice(at, Math.min(end, at + MAX_VALUE_CHARACTERS))}</title>`, 1);
        at = end;
      } else if (DROPPED_WHOLE.has(name)) at = ends.ofElement(name, at) ?? at;
      else if (!DROPPED.has(name)) {
        put(`<${slash}${name}${slash === "" ? tag.attributes : ""}>`, 1);
      }
    }
    if (pieces > ABSURD_PIECES) return null;
  }
  return parts.join("");
}

/** From behind a tag's name to its end, with the attributes that are kept; `null` if it has no end. */
function readTag(html: string, from: number): { attributes: string; end: number } | null {
  let attributes = "";
  let at = from;
  for (;;) {
    at = past(html, at, (code) => isSpace(code) || code === SLASH);
    if (at >= html.length) return null;
    if (html[at] === ">") return { attributes, end: at + 1 };
    const nameEnd = past(html, at + 1, (code) => !endsName(code));
    const name = html.slice(at, Math.min(nameEnd, at + 20)).toLowerCase();
    const equals = past(html, nameEnd, isSpace);
    at = nameEnd;
    let value = "";
    if (html[equals] === "=") {
      const start = past(html, equals + 1, isSpace);
      const quote = html[start];
      if (quote === '"' || quote === "'") {
        const end = html.indexOf(quote, start + 1);
        if (end === -1) return null;
        value = html.slice(start + 1, end);
        at = end + 1;
      } else {
        at = past(html, start, (code) => !isSpace(code) && code !== GREATER);
        value = html.slice(start, at);
      }
    }
    if (!KEPT_ATTRIBUTES.has(name)) continue;
    const most = name === "href" ? MAX_ADDRESS_CHARACTERS : MAX_VALUE_CHARACTERS;
    const isFull = attributes.length > MAX_ATTRIBUTES_CHARACTERS;
    // Half an address leads elsewhere; half a list of classes is only less.
    if (isFull || (name === "href" && value.length > most)) continue;
    attributes += ` ${name}="${value.slice(0, most).replaceAll('"', "&quot;")}"`;
  }
}

/** Where things end. What was looked for in vain is not looked for again. */
class Ends {
  readonly #html: string;
  readonly #endless = new Set<string>();

  constructor(html: string) {
    this.#html = html;
  }

  /** Behind the end tag; `null` if there is none. */
  ofElement(name: string, from: number): number | null {
    if (this.#endless.has(name)) return null;
    const end = new RegExp(`</${name}[^a-z\\d:-]`, "gi");
    end.lastIndex = from;
    if (end.test(this.#html)) {
      const close = this.#html.indexOf(">", end.lastIndex - 1);
      return close === -1 ? this.#html.length : close + 1;
    }
    this.#endless.add(name);
    return null;
  }

  /** Behind a comment, a doctype or what looks like one. */
  ofMarkup(at: number): number {
    const isComment = this.#html.startsWith("<!--", at);
    const mark = isComment ? "-->" : ">";
    const end = this.#html.indexOf(mark, at + 2);
    return end === -1 ? this.#html.length : end + mark.length;
  }
}

/** What an entity stands for, where that is no markup: an entity costs as much as a tag. */
function withoutEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(ENTITY, (entity, name?: string, decimal?: string, hex?: string) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? entity;
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
    // Below are controls and markup; up to 159 old pages mean letters of another table.
    const isPlain = code > 0x9f && code < 0xd800;
    return isPlain || code === 0x27 || code === 0x22 ? String.fromCharCode(code) : entity;
  });
}

const SLASH = 0x2f;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const isSpace = (code: number) => code === 0x20 || (code >= 0x09 && code <= 0x0d);
const endsName = (code: number) =>
  isSpace(code) || code === SLASH || code === EQUALS || code === GREATER;

function past(html: string, from: number, isPart: (code: number) => boolean): number {
  let at = from;
  while (at < html.length && isPart(html.charCodeAt(at))) at += 1;
  return at;
}
