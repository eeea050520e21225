import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Page } from "@playwright/test";
import { signUp } from "../e2e/person.ts";
import type { Sample } from "./token-latency.ts";

/** What the page itself noted of one answer. Times are milliseconds since 1970. */
export interface Noted {
  readonly clickedAt: number;
  readonly samples: readonly Sample[];
  /** The whole answer as the page shows it, without blanks; what it cost may stand after it. */
  readonly text: string;
}

declare global {
  interface Window {
    /** Resolves when the answer is whole: asking for it again and again would be work that is measured. */
    noted?: Promise<Noted>;
  }
}

/** A page that shows answers: Parley's or the bare proxy's, measured in the same way. */
export class AnswerPage {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async ofBareProxy(browser: Browser, url: string): Promise<AnswerPage> {
    const page = await newPage(browser);
    await page.goto(url);
    return new AnswerPage(page);
  }

  /**
   * Signs a new person up.
   * @param proxiedConvexUrl what stands in front of the deployment at `convexUrl` for this page
   */
  static async ofProduct(
    browser: Browser,
    { url, convexUrl }: { readonly url: string; readonly convexUrl: string },
    proxiedConvexUrl = convexUrl,
  ): Promise<AnswerPage> {
    const page = await newPage(browser);
    if (proxiedConvexUrl !== convexUrl) await lead(page, convexUrl, proxiedConvexUrl);
    await signUp(page, url);
    return new AnswerPage(page);
  }

  /** Asks, waits until the answer is whole, and tells what the page noted. */
  async ask(question: string, timeoutMs: number): Promise<Noted> {
    await this.write(question);
    return await this.send(timeoutMs);
  }

  /** Writes a question. */
  async write(question: string): Promise<void> {
    await this.#page.getByRole("textbox", { name: "Message" }).fill(question);
  }

  /** Sends what was written, waits until the answer is whole, and tells what the page noted. */
  async send(timeoutMs: number): Promise<Noted> {
    await this.#page.evaluate(startNoting);
    await this.#page.getByRole("button", { name: "Send message" }).click();
    return await this.#noted(timeoutMs);
  }

  /**
   * Has all pages send what was written in the same moment, by a word from the first one: to have
   * each clicked costs the driver and the page as much as what comes of it.
   */
  static async sendAll(pages: readonly AnswerPage[], timeoutMs: number): Promise<Noted[]> {
    for (const page of pages) {
      await page.#page.evaluate(startNoting);
      await page.#page.evaluate(sendAtWord);
    }
    await pages[0]!.#page.evaluate(giveWord);
    return await Promise.all(pages.map((page) => page.#noted(timeoutMs)));
  }

  async #noted(timeoutMs: number): Promise<Noted> {
    const whole = this.#page.evaluate(() => window.noted);
    const noted = await Promise.race([whole, sleep(timeoutMs, null, { ref: false })]);
    if (!noted) throw new Error(`No whole answer on the page within ${timeoutMs} ms.`);
    return noted;
  }

  /** Another page of the same person in the same browser, with a new chat. */
  async another(productUrl: string): Promise<AnswerPage> {
    const page = await this.#page.context().newPage();
    await page.goto(`${productUrl}/chat`);
    await page.getByRole("textbox", { name: "Message" }).waitFor();
    return new AnswerPage(page);
  }

  /** With all pages of the same person. */
  async close(): Promise<void> {
    await this.#page.context().close();
  }
}

async function newPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  return context.newPage();
}

/** Has the page take another address for the deployment than the one it is served with. */
async function lead(page: Page, from: string, to: string): Promise<void> {
  const [host, newHost] = [new URL(from).host, new URL(to).host];
  await page.route(
    (url) => !url.pathname.includes("."),
    async (route) => {
      if (route.request().resourceType() !== "document") return route.fallback();
      const response = await route.fetch();
      // What is read here is no longer packed.
      const { "content-encoding": _packing, ...headers } = response.headers();
      await route.fulfill({
        status: response.status(),
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name, value.replaceAll(host, newHost)]),
        ),
        body: (await response.text()).replaceAll(host, newHost),
      });
    },
  );
}

/** Runs in the page: clicks when another page gives the word, or this one does. */
function sendAtWord(): void {
  const click = () => document.querySelector<HTMLElement>('[aria-label="Send message"]')?.click();
  new BroadcastChannel("bench").addEventListener("message", click, { once: true });
}

/** Runs in a page: gives all pages the word. */
function giveWord(): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin
  new BroadcastChannel("bench").postMessage("go");
}

/** Runs in the page: notes the click and every change of the newest answer's text. */
function startNoting(): void {
  const selector = 'article[aria-label="Assistant message"]';
  // By the elements and not by their number: a long chat takes its oldest answers off the page.
  const before = new Set(document.querySelectorAll(selector));
  const noted = { clickedAt: 0, samples: [] as Sample[], text: "" };
  const { promise, resolve } = Promise.withResolvers<Noted>();
  window.noted = promise;
  document.addEventListener(
    "click",
    () => {
      noted.clickedAt = Date.now();
    },
    { capture: true, once: true },
  );
  const observer = new MutationObserver(() => {
    const answer = [...document.querySelectorAll(selector)].at(-1);
    if (answer === undefined || before.has(answer)) return;
    // As `countedText` does; the bare proxy's page shows the marks of headings.
    const shown = answer.textContent.replaceAll(/^#+(?= |$)/gm, "");
    const text = shown.replaceAll(/\s+/g, "");
    if (text.length > noted.text.length) {
      noted.text = text;
      noted.samples.push({ at: Date.now(), length: text.length });
    }
    if (text === "" || answer.getAttribute("aria-busy") !== "false") return;
    observer.disconnect();
    resolve(noted);
  });
  observer.observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ["aria-busy"],
  });
}
