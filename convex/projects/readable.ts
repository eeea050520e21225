"use node";
// oxlint-disable @convex-dev/import-wrong-runtime -- under oxlint the rule does not see that this file says "use node" itself.
import { Readability } from "@mozilla/readability";
import { parseHTML } from "linkedom";
import TurndownService from "turndown";
import { wholeCharacters } from "../chat/limits";
import { TITLE_MAX_CHARACTERS } from "./limits";
import { type Fetched, PageRefusal } from "./safeFetch";

/** More text than this is cut: it is more than a model reads at once. */
export const TEXT_MAX_CHARACTERS = 200_000;
const EXCERPT_CHARACTERS = 240;
/**
 * A page with more tags than this, or nested deeper, is no page to read, and taking it apart would
 * hold up others: some steps take time with the square of it.
 */
const MAX_TAGS = 40_000;
const MAX_DEPTH = 300;
const VOID_TAGS = new Set(
  "area base br col embed hr img input link meta param source track wbr".split(" "),
);

export interface ReadablePage {
  readonly title: string;
  readonly excerpt: string;
  /** Markdown. */
  readonly text: string;
}

/** The article of a page, as Markdown. @throws PageRefusal WRONG_TYPE, NO_TEXT */
export function readableText({ url, contentType, body }: Fetched): ReadablePage {
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
  const page = isHtml ? article(source, url) : plain(source, url);
  const text = wholeCharacters(page.text.trim(), TEXT_MAX_CHARACTERS);
  if (text === "") throw new PageRefusal("NO_TEXT", "No text to read was found on that page.");
  const excerpt = wholeCharacters(oneLine(page.excerpt || text), EXCERPT_CHARACTERS);
  const title = wholeCharacters(oneLine(page.title), TITLE_MAX_CHARACTERS) || url.host;
  return { title, excerpt, text };
}

function article(html: string, url: URL): ReadablePage {
  if (isTooComplicated(html)) throw tooComplicated();
  try {
    const isWhole = /<body[\s>]/i.test(html);
    const { document } = parseHTML(
      isWhole ? html : `<!doctype html><html><body>${html}</body></html>`,
    );
    resolveLinks(document, url);
    const found = new Readability(document, {
      serializer: (element) => element,
    }).parse();
    const content = found?.content as unknown as HTMLElement | undefined;
    return {
      title: found?.title ?? document.title,
      excerpt: found?.excerpt ?? "",
      text: content === undefined ? "" : markdownOf(content),
    };
  } catch (error) {
    if (error instanceof PageRefusal) throw error;
    throw tooComplicated(error);
  }
}

/** Counts tags and their depth in one pass, before anything is built of them. */
function isTooComplicated(html: string): boolean {
  let tags = 0;
  let depth = 0;
  for (const [, slash, name] of html.matchAll(/<(\/?)([a-z][a-z\d-]{0,40})/gi)) {
    tags += 1;
    if (slash === "/") depth = Math.max(0, depth - 1);
    else if (!VOID_TAGS.has(name?.toLowerCase() ?? "")) depth += 1;
    if (tags > MAX_TAGS || depth > MAX_DEPTH) return true;
  }
  return false;
}

function markdownOf(content: HTMLElement): string {
  const turndown = new TurndownService({ headingStyle: "atx", codeBlockStyle: "fenced" });
  turndown.remove([
    "img",
    "picture",
    "video",
    "audio",
    "iframe",
    "script",
    "style",
    "button",
  ] as never);
  return turndown.turndown(content).replace(/\n{3,}/g, "\n\n");
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

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim();

const tooComplicated = (cause?: unknown) =>
  new PageRefusal("NO_TEXT", "The page is built in too complicated a way to be read.", { cause });
