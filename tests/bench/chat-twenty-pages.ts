import { onlyCall } from "../product/model-calls.ts";
import { AnswerPage } from "./answer-page.ts";
import { quantile, type Figure } from "./report.ts";
import type { Setting } from "./setting.ts";
import { tokenLatencies } from "./token-latency.ts";

const PAGES = 20;
const TOKENS = 300;
const ANSWER_TIMEOUT_MS = 120_000;
const LIMIT_MS = 1000;

/** Twenty pages in one browser, each with an answer that grows, beside one page alone. */
export async function twentyPages({ browser, product }: Setting): Promise<Figure[]> {
  const first = await AnswerPage.ofProduct(browser, product);
  const alone = await latenciesOf(first, "Alone", product.modelsUrl);
  const pages = [first];
  while (pages.length < PAGES) pages.push(await first.another(product.url));
  const all = await Promise.all(
    pages.map((page, index) => latenciesOf(page, `Page ${index}`, product.modelsUrl)),
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

async function latenciesOf(page: AnswerPage, name: string, modelsUrl: string): Promise<number[]> {
  const question = `${name}: answer with ${TOKENS} tokens`;
  const { samples } = await page.ask(question, ANSWER_TIMEOUT_MS);
  return tokenLatencies(await onlyCall(modelsUrl, question), samples);
}
