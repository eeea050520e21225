import { onlyCall } from "../product/model-calls.ts";
import { AnswerPage } from "./answer-page.ts";
import { quantile, type Figure } from "./report.ts";
import type { Setting } from "./setting.ts";
import { countedText, tokenLatencies } from "./token-latency.ts";

const ROUNDS = 4;
const TOKENS = 240;
const ANSWER_TIMEOUT_MS = 30_000;
/** What the median may lie above the bare proxy's, in milliseconds. */
const ALLOWED_ABOVE_BASELINE_MS = 60;

/** From the model's token to the page's text, in turns with the bare proxy. */
export async function tokenToPage({ browser, product, bareUrl }: Setting): Promise<Figure[]> {
  const parley = await AnswerPage.ofProduct(browser, product);
  const bare = await AnswerPage.ofBareProxy(browser, bareUrl);
  const measured: number[] = [];
  const baseline: number[] = [];
  // The first answer warms both up and is not counted.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [page, latencies] of [
      [parley, measured],
      [bare, baseline],
    ] as const) {
      const name = page === bare ? "bare" : "page";
      const found = await latenciesOfOne(
        page,
        `Latency ${name} ${round}: answer with ${TOKENS} tokens`,
        product.modelsUrl,
      );
      if (round > 0) latencies.push(...found);
    }
  }
  await Promise.all([parley.close(), bare.close()]);
  return [0.5, 0.95].map((share) => {
    const base = quantile(baseline, share);
    return {
      measure: "token to page",
      name: `p${share * 100}`,
      unit: "ms",
      value: quantile(measured, share),
      baseline: base,
      limit: share === 0.5 ? base + ALLOWED_ABOVE_BASELINE_MS : null,
    };
  });
}

async function latenciesOfOne(
  page: AnswerPage,
  question: string,
  modelsUrl: string,
): Promise<number[]> {
  const { samples, text } = await page.ask(question, ANSWER_TIMEOUT_MS);
  const call = await onlyCall(modelsUrl, question);
  if (!countedText(text).startsWith(countedText(call.text))) {
    throw new Error(`The page shows another text than was sent for "${question}".`);
  }
  return tokenLatencies(call, samples);
}
