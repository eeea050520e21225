import { setTimeout as sleep } from "node:timers/promises";
import { onlyCall } from "../product/model-calls.ts";
import { AnswerPage, type Noted } from "./answer-page.ts";
import { middle, quantile, type Figure } from "./report.ts";
import type { Setting } from "./setting.ts";
import { tokenLatencies } from "./token-latency.ts";

const PAGES = 20;
/** Twenty pages keep two processors busy to the brim: what others take of them moves the values most. */
const ROUNDS = 3;
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
 * a second apart, and every token counts, in the round that is the median of several; and then,
 * harder than people can, all in one moment.
 */
export async function twentyPages(setting: Setting): Promise<Figure[]> {
  const alone = await latencies(setting, 1, SHORT_TOKENS, inOneMoment);
  const rounds: number[][] = [];
  while (rounds.length < ROUNDS) {
    rounds.push(await latencies(setting, PAGES, LONG_TOKENS, aSecondApart));
  }
  const all = middle(rounds, (values) => quantile(values, 0.95));
  const sentAtOnce = await latencies(setting, PAGES, SHORT_TOKENS, inOneMoment);
  return [
    ...figures(`${PAGES} pages at once`, all, alone, LIMIT_MS),
    ...figures(`${PAGES} pages, sent in one moment`, sentAtOnce, alone, null),
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

/**
 * Has so many pages of one person ask, each in a new chat, and gives the latencies of all their
 * tokens in milliseconds.
 */
async function latencies(
  { browser, product }: Setting,
  count: number,
  tokens: number,
  send: Send,
): Promise<number[]> {
  const first = await AnswerPage.ofProduct(browser, product);
  const pages = [first];
  while (pages.length < count) pages.push(await first.another(product.url));
  const tag = crypto.randomUUID();
  const questions = pages.map((_, index) => `${tag} ${index}: answer with ${tokens} tokens`);
  for (const [index, page] of pages.entries()) await page.write(questions[index]!);
  await sleep(WRITING_MS);
  const noted = await send(pages);
  await first.close();
  const each = await Promise.all(
    noted.map(async ({ samples }, index) =>
      tokenLatencies(await onlyCall(product.modelsUrl, questions[index]!), samples),
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
