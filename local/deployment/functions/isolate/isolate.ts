import { posix } from "node:path";
import vm from "node:vm";
import { runIn } from "../environment/execution.ts";
import { createFunctionContext } from "../environment/globals.ts";
import { importExecution } from "../environment/import-execution.ts";

export interface ModuleSource {
  /** Inside the bundle, such as `chat/messages.js` or `_deps/ABC.js`. */
  readonly path: string;
  readonly environment: "isolate" | "node";
  readonly source: string;
  readonly sourceMap?: string;
}

const BUNDLE_ROOT = "convex:/";

/**
 * One pushed bundle in a JavaScript context of its own. Modules are evaluated when first asked for,
 * and once: what they share, they share.
 */
export class Isolate {
  readonly #sources: ReadonlyMap<string, ModuleSource>;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #modules = new Map<string, vm.SourceTextModule>();
  #context: vm.Context | undefined;

  constructor(
    sources: ReadonlyMap<string, ModuleSource>,
    environment: Readonly<Record<string, string>>,
  ) {
    this.#sources = sources;
    this.#environment = environment;
  }

  /** What a module exports. Throws what the module throws while it loads. */
  async load(path: string): Promise<Record<string, unknown>> {
    return (await this.#evaluate(path)).namespace as Record<string, unknown>;
  }

  async #evaluate(path: string): Promise<vm.SourceTextModule> {
    const module = this.#parse(path);
    if (module.status === "unlinked") module.instantiate();
    await runIn(importExecution(this.#environment), () => module.evaluate());
    return module;
  }

  /** Parses a module and everything that it imports. Bundles import nothing from outside. */
  #parse(path: string): vm.SourceTextModule {
    const known = this.#modules.get(path);
    if (known !== undefined) return known;
    const source = this.#sources.get(path);
    if (source === undefined) throw new Error(`The pushed code has no module ${path}.`);
    this.#context ??= createFunctionContext(this.#environment);
    const module = new vm.SourceTextModule(source.source, {
      identifier: path,
      context: this.#context,
      importModuleDynamically: (specifier: string) => this.#evaluate(resolve(specifier, path)),
    });
    this.#modules.set(path, module);
    const requests = module.moduleRequests.map(({ specifier }) => resolve(specifier, path));
    module.linkRequests(requests.map((request) => this.#parse(request)));
    return module;
  }
}

/** Relative to the module, or from the root of the bundle with Convex's own scheme. */
function resolve(specifier: string, referrer: string): string {
  if (specifier.startsWith(BUNDLE_ROOT)) return specifier.slice(BUNDLE_ROOT.length);
  if (!specifier.startsWith(".")) {
    throw new Error(
      `${referrer} imports "${specifier}", which Convex's default runtime does not have. Node's modules are there in files that begin with "use node".`,
    );
  }
  return posix.normalize(posix.join(posix.dirname(referrer), specifier));
}
