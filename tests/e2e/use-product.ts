import { test as base } from "@playwright/test";
import { freePorts } from "../product/ports.ts";
import { Product } from "../product/product.ts";

/** A port of this worker's for a server that the product's page reader may read. */
export const [trustedPort = 0] = await freePorts(1);

let running: Product | undefined;

/** Playwright's `test`, with the product that a worker started for all its files. */
export const test = base.extend<object, { product: Product }>({
  product: [
    // Playwright reads from the first parameter what a fixture needs.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const product = await Product.start({
        env: {
          MODELS_FIRST_TOKEN_MS: "50",
          MODEL_STALL_TIMEOUT_MS: "5000",
          PAGE_READER_TRUSTED_HOSTS: `127.0.0.1:${trustedPort}`,
        },
      });
      running = product;
      await use(product);
      running = undefined;
      // Fails when one of its processes stays behind.
      await product.stop();
    },
    { scope: "worker", auto: true, timeout: 300_000 },
  ],
});

/** The product as a whole. All files share it, so a test brings people and questions of its own. */
export function useProduct(): () => Product {
  return () => {
    if (!running) throw new Error("The product runs only inside a test.");
    return running;
  };
}
