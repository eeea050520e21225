import { registeredFunction } from "./registered-function.ts";
import type { RegisteredFunction } from "./registered-function.ts";
import type { FunctionPath } from "./function-path.ts";
import { Isolate } from "./isolate.ts";
import type { ModuleSource } from "./isolate.ts";
import { NodeModules } from "./node-modules.ts";
import { SourceMaps } from "./source-maps.ts";

/** Shared chunks and the definition files hold no functions that anyone may call. */
const NOT_CALLABLE = /^(_deps\/|auth\.config\.js$|convex\.config\.js$|schema\.js$)/;

/** The functions of one component in one push, under one set of environment variables. */
export class FunctionSet {
  readonly componentPath: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly sourceMaps: SourceMaps;
  readonly #sources: ReadonlyMap<string, ModuleSource>;
  readonly #isolate: Isolate;
  readonly #node: NodeModules;
  readonly #functions = new Map<string, RegisteredFunction | null>();

  /** @param nodeFolder where the bundles of Node's modules are written. */
  constructor(
    componentPath: string,
    modules: Iterable<ModuleSource>,
    environment: Readonly<Record<string, string>>,
    nodeFolder: string,
  ) {
    this.componentPath = componentPath;
    this.#sources = new Map([...modules].map((module) => [module.path, module]));
    this.environment = environment;
    const sources = [...this.#sources.values()];
    this.#isolate = new Isolate(this.#sources, environment);
    this.#node = new NodeModules(
      sources.filter((module) => module.environment === "node"),
      environment,
      nodeFolder,
    );
    this.sourceMaps = new SourceMaps(this.#sources);
  }

  /** The modules that may export functions, sorted. */
  callableModules(): string[] {
    return [...this.#sources.keys()].filter((path) => !NOT_CALLABLE.test(path)).sort();
  }

  has(module: string): boolean {
    return this.#sources.has(module);
  }

  environmentOf(module: string): "isolate" | "node" {
    return this.#sources.get(module)?.environment ?? "isolate";
  }

  /** What a module exports. Throws what the module throws while it loads. */
  async load(module: string): Promise<Record<string, unknown>> {
    return this.environmentOf(module) === "node"
      ? this.#node.load(module)
      : this.#isolate.load(module);
  }

  /** Null when there is no such module, or it exports no such function. */
  async find(path: FunctionPath): Promise<RegisteredFunction | null> {
    if (NOT_CALLABLE.test(path.module) || !this.has(path.module)) return null;
    const key = `${path.module}:${path.name}`;
    const known = this.#functions.get(key);
    if (known !== undefined) return known;
    const exported = await this.load(path.module);
    const found = registeredFunction(path, exported[path.name]);
    this.#functions.set(key, found);
    return found;
  }

  /** Every function of a module. */
  async functionsOf(module: string): Promise<RegisteredFunction[]> {
    const exported = await this.load(module);
    return Object.keys(exported).flatMap((name) => {
      const found = registeredFunction({ module, name }, exported[name]);
      return found === null ? [] : [found];
    });
  }
}
