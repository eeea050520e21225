import { onlyCall } from "../product/model-calls.ts";
import { AnswerPage } from "./answer-page.ts";
import { quantile, type Figure } from "./report.ts";
import type { Setting } from "./setting.ts";
import { tokenLatencies } from "./token-latency.ts";

const PAGES = 20;
const TOKENS = 300;
const ANSWER_TIMEOUT_MS = 120_000;
const LIMIT_MS = 1000;

/**
 * Twenty pages in one browser, each with an answer that grows, beside one page alone. The questions
 * are written before the first is sent, as it takes a person longer to write than a page to get ready.
 */
export async function twentyPages({ browser, product }: Setting): Promise<Figure[]> {
  const first = await AnswerPage.ofProduct(browser, product);
  await first.write(questionOf("Alone"));
  const alone = await latenciesOf(first, questionOf("Alone"), product.modelsUrl);
  const pages = [first];
  while (pages.length < PAGES) pages.push(await first.another(product.url));
  for (const [index, page] of pages.entries()) await page.write(questionOf(`Page ${index}`));
  const all = await Promise.all(
    pages.map((page, index) => latenciesOf(page, questionOf(`Page ${index}`), product.modelsUrl)),
  );
  await first.close();
  return [0.5, 0.95].map((share) => ({
    measure: `${PAGES} pages at once`,
    name: `token to page, p${share * 100}`,
    unit: "ms",
    value: quantile(all.flat(), share),
    baseline: quantile(alone, share),
    limit: share === 0.95 ? LIMIT_MS : null,
  }));
}

function questionOf(name: string): string {
  return `${name}: answer with ${TOKENS} tokens`;
}

/** Sends what was written. */
async function latenciesOf(
  page: AnswerPage,
  question: string,
  modelsUrl: string,
): Promise<number[]> {
  const { samples } = await page.send(ANSWER_TIMEOUT_MS);
  return tokenLatencies(await onlyCall(modelsUrl, question), samples);
}
