import { setTimeout as sleep } from "node:timers/promises";
import { onlyCall } from "../product/model-calls.ts";
import { AnswerPage, type Noted } from "./answer-page.ts";
import { quantile, type Figure } from "./report.ts";
import type { Setting } from "./setting.ts";
import { tokenLatencies } from "./token-latency.ts";

const PAGES = 20;
/** Nobody writes so many questions in less. */
const WRITING_MS = 10_000;
const ANSWER_TIMEOUT_MS = 120_000;
const LIMIT_MS = 1000;

/** Half a minute each: the first is still being written when the last begins. */
const LONG_TOKENS = 1800;
const BETWEEN_SENDS_MS = 1000;
const SHORT_TOKENS = 300;

type Send = (pages: readonly AnswerPage[]) => Promise<Noted[]>;

/**
 * Twenty pages in one browser, each with an answer that grows, beside one page alone. They are sent
 * a second apart, and every token counts; and then, harder than people can, all in one moment.
 */
export async function twentyPages({ browser, product }: Setting): Promise<Figure[]> {
  const first = await AnswerPage.ofProduct(browser, product);
  const measured = async (pages: readonly AnswerPage[], tokens: number, send: Send) => {
    const tag = crypto.randomUUID().slice(0, 8);
    const questions = pages.map((_, index) => `${tag} ${index}: answer with ${tokens} tokens`);
    return await latencies(pages, questions, send, product.modelsUrl);
  };
  const alone = await measured([first], SHORT_TOKENS, inOneMoment);
  const pages = [first];
  while (pages.length < PAGES) pages.push(await first.another(product.url));
  const all = await measured(pages, LONG_TOKENS, aSecondApart);
  const sentAtOnce = await measured(pages, SHORT_TOKENS, inOneMoment);
  await first.close();
  return [
    ...figures("20 pages at once", all, alone, LIMIT_MS),
    ...figures("20 pages, sent in one moment", sentAtOnce, alone, null),
  ];
}

const inOneMoment: Send = (pages) => AnswerPage.sendAll(pages, ANSWER_TIMEOUT_MS);

const aSecondApart: Send = (pages) =>
  Promise.all(
    pages.map(async (page, index) => {
      await sleep(index * BETWEEN_SENDS_MS);
      return await page.send(ANSWER_TIMEOUT_MS);
    }),
  );

/** Has each page ask, and gives the latencies of all their tokens in milliseconds. */
async function latencies(
  pages: readonly AnswerPage[],
  questions: readonly string[],
  send: Send,
  modelsUrl: string,
): Promise<number[]> {
  for (const [index, page] of pages.entries()) await page.write(questions[index]!);
  await sleep(WRITING_MS);
  const noted = await send(pages);
  const each = await Promise.all(
    noted.map(async ({ samples }, index) =>
      tokenLatencies(await onlyCall(modelsUrl, questions[index]!), samples),
    ),
  );
  return each.flat();
}

function figures(
  measure: string,
  values: readonly number[],
  alone: readonly number[],
  limit: number | null,
): Figure[] {
  return [0.5, 0.95].map((share) => ({
    measure,
    name: `token to page, p${share * 100}`,
    unit: "ms",
    value: quantile(values, share),
    baseline: quantile(alone, share),
    limit: share === 0.95 ? limit : null,
  }));
}
