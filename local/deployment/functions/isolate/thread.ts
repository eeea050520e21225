import { serve } from "../threads/serve.ts";
import { Isolate } from "./isolate.ts";
import type { Bundle, IsolateModule, Preparation } from "./modules.ts";

// Runs functions of the default runtime that have yet to show that they are quick.

interface Loaded {
  readonly isolate: Isolate;
  readonly environment: Bundle["environment"];
}

const bundles = new Map<number, Loaded>();

serve<IsolateModule>({
  load: async ({ bundle, path }) => bundles.get(bundle)!.isolate.load(path),
  environmentOf: ({ bundle }) => bundles.get(bundle)!.environment,
  prepare(preparation) {
    const { add, forget } = preparation as Preparation;
    if (forget !== undefined) bundles.delete(forget);
    if (add === undefined) return;
    const { number, sources, environment } = add;
    const isolate = new Isolate(
      new Map(sources.map((source) => [source.path, source])),
      environment,
    );
    bundles.set(number, { isolate, environment });
  },
});
