import type { Page } from "@playwright/test";
import { answers, ask, messageField, untilAnswered } from "../e2e/person.ts";
import { freshlyOpened, someone } from "./chat-page.ts";
import { framesOf, milliseconds, recordFrames, timeUntil } from "./chat-timing.ts";
import { markdownTurns } from "./markdown-turns.ts";
import { quantile, type Figure } from "./report.ts";
import { seeder } from "./seed-chat.ts";
import type { Setting } from "./setting.ts";

const MESSAGES = 2000;
const ROUNDS = 5;
const TYPED = "The quick brown fox jumps over the lazy dog. ".repeat(2);
const CHARACTERS = 20_000;
const STREAM_TIMEOUT_MS = 90_000;
/** The model's pace: as fast as the fastest models that people use. */
const QUESTION = `answer with ${CHARACTERS} characters at 400 tokens a second`;

/** The last answer of a long chat is drawn, or the greeting of an empty one. */
const READABLE = {
  long: 'article[aria-label="Assistant message"] .markdown :is(p, pre, td, li)',
  empty: "main h1",
};

/** A chat of 2,000 messages of markdown, beside the same page with an empty chat. */
export async function longChat({ browser, product }: Setting): Promise<Figure[]> {
  const owner = await someone(browser, product);
  const seed = await seeder(product);
  await seed(owner.sessionId, markdownTurns(MESSAGES / 2 - 1));
  const pages = { long: owner.address, empty: `${product.url}/chat` };

  const opened: Record<keyof typeof pages, number[]> = { long: [], empty: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const kind of ["long", "empty"] as const) {
      const page = await freshlyOpened(browser, owner.context);
      opened[kind].push(await timeUntil(page, pages[kind], READABLE[kind]));
      await page.context().close();
    }
  }

  const { page } = owner;
  await page.goto(pages.empty);
  const empty = await typedAndStreamed(page, READABLE.empty);
  await page.goto(pages.long);
  const long = await typedAndStreamed(page, READABLE.long);
  await owner.context.close();

  const common = { measure: `chat of ${MESSAGES} messages`, limit: null };
  return [
    milliseconds(common, "open to readable, median", opened.long, opened.empty, 0.5),
    milliseconds(common, "key to picture, median", long.typing, empty.typing, 0.5),
    milliseconds(common, "key to picture, p95", long.typing, empty.typing, 0.95),
    {
      ...common,
      name: `tasks over 50 ms while ${CHARACTERS} characters stream`,
      unit: "count",
      value: long.frames.longTasks.length,
      baseline: empty.frames.longTasks.length,
      limit: 0,
    },
    {
      ...common,
      name: "longest task meanwhile",
      unit: "ms",
      value: Math.max(0, ...long.frames.longTasks),
      baseline: Math.max(0, ...empty.frames.longTasks),
    },
    {
      ...common,
      name: "longest time without a frame meanwhile",
      unit: "ms",
      value: Math.max(...long.frames.gaps),
      baseline: Math.max(...empty.frames.gaps),
      limit: 100,
    },
    {
      ...common,
      name: "time without a frame, p99",
      unit: "ms",
      value: quantile(long.frames.gaps, 0.99),
      baseline: quantile(empty.frames.gaps, 0.99),
    },
  ];
}

/** Types a sentence, sends a question, and notes the frames while the long answer streams. */
async function typedAndStreamed(page: Page, readable: string) {
  await page.locator(readable).last().waitFor();
  await messageField(page).focus();
  await page.evaluate(startTiming);
  await page.keyboard.type(TYPED, { delay: 30 });
  const typing = await page.evaluate(() => window.typingMs ?? []);

  await ask(page, QUESTION);
  await answers(page).last().locator(".markdown").waitFor();
  await recordFrames(page);
  await untilAnswered(page, STREAM_TIMEOUT_MS);
  return { typing, frames: await framesOf(page) };
}

declare global {
  interface Window {
    typingMs?: number[];
  }
}

/** Runs in the page: notes the time from each key to the frame after the one that shows it. */
function startTiming(): void {
  const noted: number[] = [];
  window.typingMs = noted;
  document.addEventListener(
    "keydown",
    ({ timeStamp }) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener("message", () => noted.push(performance.now() - timeStamp));
        port1.start();
        port2.postMessage(null);
      });
    },
    { capture: true },
  );
}
