import { gzipSync } from "node:zlib";
import { freshlyOpened, someone } from "./chat-page.ts";
import { timeUntil } from "./chat-timing.ts";
import { quantile, type Figure } from "./report.ts";
import type { Setting } from "./setting.ts";

const ROUNDS = 5;
const SCRIPT_LIMIT_BYTES = 200_000;
const USABLE_LIMIT_MS = 700;

/** The first load of `/chat`: its script, which markdown is no part of yet, and when one can type. */
export async function firstLoad({ browser, product }: Setting): Promise<Figure[]> {
  const owner = await someone(browser, product);
  const usable: number[] = [];
  let scripts = new Map<string, string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const page = await freshlyOpened(browser, owner.context);
    const loaded = new Map<string, string>();
    page.on("response", (response) => {
      if (response.request().resourceType() !== "script") return;
      response.text().then(
        (text) => loaded.set(new URL(response.url()).pathname, text),
        () => undefined,
      );
    });
    usable.push(await timeUntil(page, `${product.url}/chat`, 'textarea[aria-label="Message"]'));
    await page.waitForLoadState("networkidle");
    await page.context().close();
    scripts = loaded;
  }
  await owner.context.close();

  const bytes = [...scripts.values()].map((text) => gzipSync(text).length);
  const total = bytes.reduce((sum, size) => sum + size, 0);
  const common = { measure: "first load of /chat", baseline: null };
  return [
    {
      ...common,
      name: "script before markdown, gzip",
      unit: "bytes",
      value: total,
      limit: SCRIPT_LIMIT_BYTES,
    },
    {
      ...common,
      name: "one can type after, median",
      unit: "ms",
      value: quantile(usable, 0.5),
      limit: USABLE_LIMIT_MS,
    },
  ];
}
