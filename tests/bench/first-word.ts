import { onlyCall } from "../product/model-calls.ts";
import { AnswerPage } from "./answer-page.ts";
import { quantile, type Figure } from "./report.ts";
import type { Setting } from "./setting.ts";

const ROUNDS = 15;
const ANSWER_TIMEOUT_MS = 20_000;
const LIMIT_MS = 80;

/** From the click on send to the first word on the page, without the model's own delay. */
export async function firstWord({ browser, product, bareUrl }: Setting): Promise<Figure[]> {
  const parley = await AnswerPage.ofProduct(browser, product);
  const bare = await AnswerPage.ofBareProxy(browser, bareUrl);
  const measured: number[] = [];
  const baseline: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const delay = await delayOf(
      parley,
      `First word ${round}: answer with 8 tokens`,
      product.modelsUrl,
    );
    const base = await delayOf(bare, `Bare word ${round}: answer with 8 tokens`, product.modelsUrl);
    // The first answer warms both up and is not counted.
    if (round === 0) continue;
    measured.push(delay);
    baseline.push(base);
  }
  await Promise.all([parley.close(), bare.close()]);
  return [0.5, 0.95].map((share) => ({
    measure: "click to first word",
    name: `p${share * 100}`,
    unit: "ms",
    value: quantile(measured, share),
    baseline: quantile(baseline, share),
    limit: share === 0.5 ? LIMIT_MS : null,
  }));
}

async function delayOf(page: AnswerPage, question: string, modelsUrl: string): Promise<number> {
  const { clickedAt, samples } = await page.ask(question, ANSWER_TIMEOUT_MS);
  const { startedAt, sentAt } = await onlyCall(modelsUrl, question);
  const modelDelay = (sentAt[0] ?? NaN) - startedAt;
  return (samples[0]?.at ?? NaN) - clickedAt - modelDelay;
}
