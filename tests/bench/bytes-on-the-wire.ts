import { AnswerPage } from "./answer-page.ts";
import { CountingProxy } from "./counting-proxy.ts";
import type { Figure } from "./report.ts";
import type { Setting } from "./setting.ts";

const SIZES = [1_000, 4_000, 16_000, 64_000] as const;
/** What a widely used chat template needs for an answer of that many characters, in bytes. */
const LIMITS: Readonly<Record<number, number>> = { 16_000: 190_000 };
/** Bytes for each character may differ that much between 4,000 and 64,000 characters. */
const LINEAR_WITHIN = 1.25;
const LONGEST_ANSWER_MS = 330_000;

/**
 * Bytes to the browser while an answer grows at the model's own pace, counted at the socket. All
 * sizes run at once, each for a person and a browser of its own.
 */
export async function bytesOnTheWire(setting: Setting): Promise<Figure[]> {
  const measured = await Promise.all(SIZES.map((size) => bytesOfProduct(setting, size)));
  const figures: Figure[] = [];
  for (const [index, size] of SIZES.entries()) {
    figures.push({
      measure: "bytes on the wire",
      name: `${size.toLocaleString("en")} characters`,
      unit: "bytes",
      value: measured[index] ?? NaN,
      baseline: await bytesOfBareProxy(setting, size),
      limit: LIMITS[size] ?? null,
    });
  }
  const [, small = NaN, , large = NaN] = measured;
  figures.push({
    measure: "bytes on the wire",
    name: "per character, 64,000 against 4,000",
    unit: "ratio",
    value: large / SIZES[3] / (small / SIZES[1]),
    baseline: null,
    limit: LINEAR_WITHIN,
  });
  return figures;
}

async function bytesOfProduct({ browser, product }: Setting, size: number): Promise<number> {
  const proxy = await CountingProxy.start(product.convexUrl);
  const page = await AnswerPage.ofProduct(browser, product, proxy.url);
  const before = proxy.bytesToClient;
  if (before === 0) throw new Error("The page does not go through the counting proxy.");
  await page.ask(`Bytes: answer with ${size} characters`, LONGEST_ANSWER_MS);
  const bytes = proxy.bytesToClient - before;
  await page.close();
  await proxy.stop();
  return bytes;
}

/** Its bytes do not depend on the pace, so it runs fast. */
async function bytesOfBareProxy({ browser, bareUrl }: Setting, size: number): Promise<number> {
  const proxy = await CountingProxy.start(bareUrl);
  const page = await AnswerPage.ofBareProxy(browser, proxy.url);
  const before = proxy.bytesToClient;
  await page.ask(
    `Bare bytes: answer with ${size} characters at 4000 tokens a second`,
    LONGEST_ANSWER_MS,
  );
  const bytes = proxy.bytesToClient - before;
  await page.close();
  await proxy.stop();
  return bytes;
}
