import { setTimeout as sleep } from "node:timers/promises";
import { onlyCall } from "../product/model-calls.ts";
import { AnswerPage } from "./answer-page.ts";
import { quantile, type Figure } from "./report.ts";
import type { Setting } from "./setting.ts";
import { tokenLatencies } from "./token-latency.ts";

const PAGES = 20;
const TOKENS = 300;
/** Nobody writes so many questions in less. */
const WRITING_MS = 10_000;
const ANSWER_TIMEOUT_MS = 120_000;
const LIMIT_MS = 1000;

/**
 * Twenty pages in one browser, each with an answer that grows, beside one page alone. All are sent
 * in the same moment, by people who took some seconds to write.
 */
export async function twentyPages({ browser, product }: Setting): Promise<Figure[]> {
  const first = await AnswerPage.ofProduct(browser, product);
  const alone = await latencies([first], ["Alone"], product.modelsUrl);
  const pages = [first];
  while (pages.length < PAGES) pages.push(await first.another(product.url));
  const names = pages.map((_, index) => `Page ${index}`);
  const all = await latencies(pages, names, product.modelsUrl);
  await first.close();
  return [0.5, 0.95].map((share) => ({
    measure: `${PAGES} pages at once`,
    name: `token to page, p${share * 100}`,
    unit: "ms",
    value: quantile(all, share),
    baseline: quantile(alone, share),
    limit: share === 0.95 ? LIMIT_MS : null,
  }));
}

/** Has each page ask, all at once, and gives the latencies of all their tokens in milliseconds. */
async function latencies(
  pages: readonly AnswerPage[],
  names: readonly string[],
  modelsUrl: string,
): Promise<number[]> {
  const questions = names.map((name) => `${name}: answer with ${TOKENS} tokens`);
  for (const [index, page] of pages.entries()) await page.write(questions[index]!);
  await sleep(WRITING_MS);
  const noted = await AnswerPage.sendAll(pages, ANSWER_TIMEOUT_MS);
  const each = await Promise.all(
    noted.map(async ({ samples }, index) =>
      tokenLatencies(await onlyCall(modelsUrl, questions[index]!), samples),
    ),
  );
  return each.flat();
}
