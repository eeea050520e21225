import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { build } from "vite";
import { INPUTS } from "./hostile/inputs.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const PAGE = "tests/e2e/hostile/page.html";
const ORIGIN = "http://localhost";
const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".ttf": "font/ttf",
};

/** What a page does that an answer must never make it do. */
interface Watched {
  readonly requests: string[];
  readonly said: string[];
  readonly opened: string[];
}

function watch(page: Page): Watched {
  const watched: Watched = { requests: [], said: [], opened: [] };
  page.on("dialog", (dialog) => {
    watched.opened.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.context().on("page", (opened) => watched.opened.push(`page ${opened.url()}`));
  page.on("download", (download) => watched.opened.push(`download ${download.url()}`));
  page.on("console", (message) => {
    if (message.type() === "error") watched.said.push(message.text());
  });
  page.on("pageerror", (error) => watched.said.push(String(error)));
  return watched;
}

let folder = "";

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "parley-hostile-"));
  await build({
    root: ROOT,
    configFile: join(ROOT, "vite.config.ts"),
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: true, rolldownOptions: { input: join(ROOT, PAGE) } },
  });
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("of 150 hostile inputs, growing and whole in one page, nothing runs, nothing is fetched and nothing leaves its place", async ({
  page,
}) => {
  expect(Object.keys(INPUTS).length).toBeGreaterThanOrEqual(150);
  const watched = watch(page);
  // Without a content security policy: what holds here holds by the renderer alone.
  await page.route("**/*", async (route) => {
    const { origin, pathname } = new URL(route.request().url());
    const type = TYPES[extname(pathname)];
    if (origin === ORIGIN && type !== undefined && isBuilt(pathname)) {
      await route.fulfill({ contentType: type, body: readFileSync(join(folder, pathname)) });
      return;
    }
    watched.requests.push(route.request().url());
    await route.abort();
  });
  await page.goto(`${ORIGIN}/${PAGE}`);
  await page.locator('html[data-state="whole"]').waitFor({ timeout: 60_000 });
  // Drawn when the modules for formulas and diagrams have come.
  await expect(page.locator(".katex").first()).toBeAttached();
  await expect(page.getByRole("button", { name: "Draw the diagram" }).first()).toBeAttached();
  await expect(page.locator(".markdown-diagram img").first()).toBeAttached({ timeout: 30_000 });

  expect(await page.evaluate(useEverything)).toEqual([]);
  expect(await page.evaluate(findings)).toEqual([]);
  await expect.poll(() => page.evaluate(() => document.readyState)).toBe("complete");
  expect(watched).toEqual({ requests: [], said: [], opened: [] });
  expect(page.url()).toBe(`${ORIGIN}/${PAGE}`);
  expect(page.frames()).toHaveLength(1);
  expect(await page.title()).toBe("Hostile markdown");
});

/** The page's own files, and not what an input asks for under the same origin. */
function isBuilt(pathname: string): boolean {
  return pathname === `/${PAGE}` || /^\/assets\/[\w.-]+$/.test(pathname);
}

declare global {
  interface Window {
    hits: number;
    hit: () => void;
  }
}

/** Runs in the page: approaches, focuses, opens and presses what an answer put there. */
function useEverything(): string[] {
  const wrong: string[] = [];
  for (const element of document.querySelectorAll<HTMLElement>("article *")) {
    // These are the person's own choice, and leave the page.
    if (element.closest("a[href], button")) continue;
    for (const type of ["pointerover", "mouseover", "pointerdown", "click", "toggle", "load"]) {
      element.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }));
    }
    if (element instanceof HTMLDetailsElement) element.open = true;
  }
  if (window.hits > 0) wrong.push(`${window.hits} handlers ran`);
  return wrong;
}

/** Runs in the page: what should not be there, by the name of its input. */
function findings(): string[] {
  const found: string[] = [];
  const FORBIDDEN =
    "script, iframe, frame, frameset, object, embed, link, meta, base, style, form, video, audio, " +
    "source, track, portal, fencedframe, template, select, textarea, area, map, image, use, " +
    "foreignObject, animate, set, input:not([type=checkbox][disabled]), [popover], [autofocus], " +
    "[contenteditable]";
  const frame = document.querySelector("main")!.getBoundingClientRect();
  for (const article of document.querySelectorAll("article")) {
    const say = (what: string) => found.push(`${article.getAttribute("aria-label")}: ${what}`);
    for (const element of article.querySelectorAll(FORBIDDEN)) say(`<${element.localName}>`);
    for (const element of article.querySelectorAll("*")) {
      const own = element.closest(
        ".katex, .katex-error, .markdown-code code, button, .markdown-diagram",
      );
      for (const { name, value } of element.attributes) {
        if (/^on/i.test(name)) say(name);
        if (/^(ping|srcset|srcdoc|formaction|action|background|poster|download)$/i.test(name)) {
          say(name);
        }
        if (name === "style" && !own) say(`style ${value}`);
        if (name === "style" && /url|expression|fixed|import/i.test(value)) say(`style ${value}`);
        if ((name === "id" || name === "name") && !own) say(`${name} ${value}`);
        if (name === "src" && !value.startsWith("data:image/svg+xml;charset=utf-8,")) say(value);
        if (/href$/i.test(name) && !/^(https?:|mailto:|tel:|#)/i.test(value)) say(value);
      }
      if (element instanceof HTMLAnchorElement && element.href !== "") {
        if (element.target !== "_blank") say("a link that does not open beside the page");
        if (!element.rel.includes("noopener")) say("a link that leaves the door open");
      }
    }
    const box = article.getBoundingClientRect();
    if (box.right > frame.right + 1 || box.left < frame.left - 1) say("wider than its place");
  }
  const victim = document.querySelector("#victim")!;
  const { left, top } = victim.getBoundingClientRect();
  for (const y of [0, 0.5, 1]) {
    scrollTo(0, y * document.documentElement.scrollHeight);
    if (document.elementFromPoint(left + 20, top + 20) !== victim) found.push(`covered at ${y}`);
  }
  if (getComputedStyle(victim).display === "none") found.push("styled from inside an answer");
  if (typeof window.hit !== "function") found.push("a name was taken");
  if (document.documentElement.scrollWidth > innerWidth) found.push("the page became wider");
  return found;
}
