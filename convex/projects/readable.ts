"use node";
// oxlint-disable @convex-dev/import-wrong-runtime -- under oxlint the rule does not see that this file says "use node" itself.
import { Readability } from "@mozilla/readability";
import { parseHTML } from "linkedom";
import TurndownService from "turndown";
import { oneLine, trimmed, wholeCharacters } from "../lib/characters";
import { TITLE_MAX_CHARACTERS } from "./limits";
import { type Fetched, PageRefusal } from "./safeFetch";
import { slimHtml } from "./slimHtml";

/** More text than this is cut: it is more than a model reads at once. */
export const TEXT_MAX_CHARACTERS = 200_000;
const EXCERPT_CHARACTERS = 240;
/** What is nested deeper is left out. */
const MAX_DEPTH = 100;
/**
 * How much of a page is looked at for its article: what follows in a longer one is left out. A text
 * weighs 1; an element more the deeper it stands, because each element around it is asked for its
 * text too; a link more than others, because it is counted for each of them. It bounds the longest
 * step at about 0.3 s of computing, in which others wait.
 */
const MAX_WEIGHT = 9_000;
const DEPTH_OF_WEIGHT = 6;
const WEIGHT_OF_LINK = 5;
/** In a page of more weight the article is looked for once, and not again with looser rules. */
const MAX_LOOKED_OVER = 3_000;
/** Less text than this is no article that was found. */
const ARTICLE_MIN_CHARACTERS = 500;
/** Around the article, never in it. */
const AROUND = "nav, footer, aside";

export interface ReadablePage {
  readonly title: string;
  readonly excerpt: string;
  /** Markdown. */
  readonly text: string;
}

/**
 * The article of a page, as Markdown. It is computed in steps, so that nobody waits for all of it.
 *
 * @throws PageRefusal WRONG_TYPE, NO_TEXT
 */
export async function readableText({ url, contentType, body }: Fetched): Promise<ReadablePage> {
  const type = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  const isHtml = type === "text/html" || type === "application/xhtml+xml";
  if (!isHtml && type !== "text/plain" && type !== "text/markdown") {
    throw new PageRefusal(
      "WRONG_TYPE",
      type === ""
        ? "The page does not say what it is."
        : `That is no page of text but ${type.slice(0, 60)}.`,
    );
  }
  const source = decoded(body, contentType);
  const page = isHtml ? await article(source, url) : plain(source, url);
  const text = wholeCharacters(
    trimmed(page.text.slice(0, 2 * TEXT_MAX_CHARACTERS)),
    TEXT_MAX_CHARACTERS,
  );
  if (text === "") throw new PageRefusal("NO_TEXT", "No text to read was found on that page.");
  const excerpt = wholeCharacters(
    oneLine(page.excerpt || text.slice(0, 4_000)),
    EXCERPT_CHARACTERS,
  );
  const title = wholeCharacters(oneLine(page.title), TITLE_MAX_CHARACTERS) || url.host;
  return { title, excerpt, text };
}

async function article(html: string, url: URL): Promise<ReadablePage> {
  try {
    const slim = slimHtml(html);
    if (slim === null) throw tooComplicated();
    // A page may leave the tags of its frame out, and the parser does not put them in.
    const [title = ""] = /<title>[^]*?<\/title>/.exec(slim) ?? [];
    const { document } = parseHTML(
      `<!doctype html><html><head>${title}</head><body>${slim.replace(title, "")}</body></html>`,
    );
    const weight = cutToWeight(document);
    resolveLinks(document, url);
    await nextTurn();

    const isLookedOver = weight <= MAX_LOOKED_OVER;
    const whole = isLookedOver ? null : (document.body.cloneNode(true) as HTMLElement);
    const found = new Readability(document, {
      serializer: (element) => element,
      charThreshold: isLookedOver ? ARTICLE_MIN_CHARACTERS : 0,
      disableJSONLD: true,
      // They tell the language of code.
      keepClasses: true,
    }).parse();
    await nextTurn();

    const isFound = (found?.length ?? 0) >= ARTICLE_MIN_CHARACTERS;
    const content = isFound || whole === null ? (found?.content as unknown as HTMLElement) : whole;
    return {
      title: found?.title ?? document.title,
      excerpt: found?.excerpt ?? "",
      text: content ? markdownOf(content) : "",
    };
  } catch (error) {
    if (error instanceof PageRefusal) throw error;
    throw tooComplicated(error);
  }
}

/** Lets whoever waits go first. */
const nextTurn = async () => await new Promise((resolve) => setImmediate(resolve));

/**
 * Takes away what stands around the article, what is nested too deeply, and what is left when the
 * page has its weight.
 *
 * @returns the weight that it has then
 */
function cutToWeight(document: Document): number {
  for (const around of document.querySelectorAll(AROUND)) around.remove();
  let weight = 0;
  let depth = 0;
  let node: Node | null = document.documentElement;
  while (node !== null) {
    weight += 1 + (node.nodeType === 1 ? depth / DEPTH_OF_WEIGHT : 0);
    if (node.nodeName === "A") weight += WEIGHT_OF_LINK;
    if (weight > MAX_WEIGHT) {
      removeFrom(node);
      return weight;
    }
    if (depth === MAX_DEPTH) (node as Element).textContent = "";
    if (node.firstChild !== null) {
      node = node.firstChild;
      depth += 1;
      continue;
    }
    while (node !== null && node.nextSibling === null) {
      node = node.parentNode;
      depth -= 1;
    }
    node = node?.nextSibling ?? null;
  }
  return weight;
}

/** Removes a node and all that follows it on the page. */
function removeFrom(node: Node): void {
  for (let at: Node | null = node; at !== null; at = at.parentNode) {
    while (at.nextSibling !== null) at.nextSibling.parentNode?.removeChild(at.nextSibling);
  }
  node.parentNode?.removeChild(node);
}

function markdownOf(content: HTMLElement): string {
  const turndown = new TurndownService({ headingStyle: "atx", codeBlockStyle: "fenced" });
  return turndown.turndown(content);
}

/** Links keep their meaning outside of their page; any that lead to no page lose it. */
function resolveLinks(
  document: { querySelectorAll(selector: string): Iterable<Element> },
  url: URL,
) {
  for (const link of document.querySelectorAll("a[href]")) {
    const target = URL.parse(link.getAttribute("href") ?? "", url);
    if (target?.protocol === "http:" || target?.protocol === "https:") {
      link.setAttribute("href", target.href);
    } else link.removeAttribute("href");
  }
}

function plain(text: string, url: URL): ReadablePage {
  const heading = /^#\s+(.+)$/m.exec(text.slice(0, 4000))?.[1];
  const file = url.pathname.split("/").findLast((part) => part !== "");
  return { title: heading ?? (file === undefined ? url.host : file), excerpt: "", text };
}

/** By the charset that the server names, or the page itself, or UTF-8. */
function decoded(body: Buffer, contentType: string): string {
  const named =
    /charset=["']?([\w-]+)/i.exec(contentType)?.[1] ??
    /<meta[^>]{0,200}charset=["']?([\w-]+)/i.exec(body.subarray(0, 2048).toString("latin1"))?.[1];
  try {
    return new TextDecoder(named ?? "utf-8").decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}

const tooComplicated = (cause?: unknown) =>
  new PageRefusal("NO_TEXT", "The page is built in too complicated a way to be read.", { cause });
