import { chromium, type Browser } from "@playwright/test";
import { findBrowser } from "../browser.ts";
import { Product } from "../product/product.ts";
import { startBareProxy } from "./bare-proxy.ts";

/** What every measure runs in: the product, the baseline, and a browser for both. */
export interface Setting {
  readonly browser: Browser;
  readonly product: Product;
  /** The address of the bare proxy, which asks the product's own model server. */
  readonly bareUrl: string;
}

/** The setting, started when the first measure asks for it. */
export class LazySetting {
  #setting: Setting | null = null;
  readonly #stops: (() => Promise<void>)[] = [];

  async get(): Promise<Setting> {
    this.#setting ??= await this.#start();
    return this.#setting;
  }

  /** Stops what was started, the last first. */
  async stop(): Promise<void> {
    for (const stop of this.#stops.toReversed()) await stop();
  }

  async #start(): Promise<Setting> {
    const product = await Product.start();
    this.#stops.push(() => product.stop());
    const bare = await startBareProxy(product.modelsUrl);
    this.#stops.push(() => bare.stop());
    const browser = await chromium.launch({
      executablePath: await findBrowser(),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        // A page whose document is rewritten on its way counts as one from outside this machine.
        "--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets",
      ],
    });
    this.#stops.push(() => browser.close());
    return { browser, product, bareUrl: bare.url };
  }
}
