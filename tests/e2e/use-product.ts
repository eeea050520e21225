import { test as base } from "@playwright/test";
import { Product, type ProductOptions } from "../product/product.ts";

let running: Product | undefined;

/** Playwright's `test`, with the product that a worker started for all its files of one setting. */
export const test = base.extend<object, { setting: ProductOptions; product: Product }>({
  setting: [{}, { scope: "worker", option: true }],
  product: [
    async ({ setting }, use) => {
      const product = await Product.start({
        ...setting,
        env: { MODELS_FIRST_TOKEN_MS: "50", MODEL_STALL_TIMEOUT_MS: "5000", ...setting.env },
      });
      running = product;
      await use(product);
      running = undefined;
      // Fails when one of its processes stays behind.
      await product.stop();
    },
    { scope: "worker", auto: true, timeout: 120_000 },
  ],
});

/**
 * The product as a whole, for the tests of a file. Files share one, so a test brings people and
 * questions of its own; a file that needs other settings gets another one.
 */
export function useProduct(setting?: ProductOptions): () => Product {
  if (setting) test.use({ setting });
  return () => {
    if (!running) throw new Error("The product runs only inside a test.");
    return running;
  };
}
