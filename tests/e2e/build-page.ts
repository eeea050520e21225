import { join } from "node:path";
import { buildPage } from "../../local/start/build.ts";

/** Once, before the workers start the product side by side: each of them would build the page. */
export default async function buildOnce(): Promise<void> {
  await buildPage(join(import.meta.dirname, "..", ".."));
}
