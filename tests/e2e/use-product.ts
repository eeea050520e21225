import { test } from "@playwright/test";
import { Product, type ProductOptions } from "../product/product.ts";

/**
 * Starts the product before the first test of a file and stops it after the last one, which fails
 * if one of its processes stays behind.
 */
export function useProduct(options: ProductOptions = {}): () => Product {
  let product: Product | undefined;
  test.beforeAll(async () => {
    product = await Product.start(options);
  });
  test.afterAll(async () => {
    await product?.stop();
  });
  return () => {
    if (!product) throw new Error("The product runs only inside a test.");
    return product;
  };
}
