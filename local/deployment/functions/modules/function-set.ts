import type { RegisteredFunction } from "./registered-function.ts";
import type { FunctionPath } from "./function-path.ts";
import type { ModuleSource } from "../isolate/isolate.ts";
import type { FunctionThreads } from "../function-threads.ts";
import { type HttpRoute, IsolateModules } from "../isolate/modules.ts";
import { NodeModules } from "../node/modules.ts";
import { SourceMaps } from "./source-maps.ts";

/** Shared chunks and the definition files hold no functions that anyone may call. */
const NOT_CALLABLE = /^(_deps\/|auth\.config\.js$|convex\.config\.js$|schema\.js$)/;

/** The functions of one component in one push, under one set of environment variables. */
export class FunctionSet {
  readonly componentPath: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly sourceMaps: SourceMaps;
  readonly #sources: ReadonlyMap<string, ModuleSource>;
  readonly #isolate: IsolateModules;
  readonly #node: NodeModules;
  /** By module, then by name. */
  readonly #functions = new Map<string, ReadonlyMap<string, RegisteredFunction>>();

  /** @param nodeFolder where the bundles of Node's modules are written. */
  constructor(
    componentPath: string,
    modules: Iterable<ModuleSource>,
    environment: Readonly<Record<string, string>>,
    nodeFolder: string,
    threads: FunctionThreads,
  ) {
    this.componentPath = componentPath;
    this.#sources = new Map([...modules].map((module) => [module.path, module]));
    this.environment = environment;
    const sources = [...this.#sources.values()];
    this.#isolate = new IsolateModules(this.#sources, environment, threads);
    this.#node = new NodeModules(
      sources.filter((module) => module.environment === "node"),
      environment,
      nodeFolder,
      threads.node,
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

  /** What a module of the default runtime exports. Throws what the module throws while it loads. */
  async load(module: string): Promise<Record<string, unknown>> {
    return this.#isolate.load(module);
  }

  /** The answer of a module's router to a request, for the execution that the caller runs in. */
  async respond(module: string, route: HttpRoute, request: Request): Promise<Response> {
    return this.#isolate.respond(module, route, request);
  }

  /** Null when there is no such module, or it exports no such function. */
  async find({ module, name }: FunctionPath): Promise<RegisteredFunction | null> {
    if (NOT_CALLABLE.test(module) || !this.has(module)) return null;
    const functions = this.#functions.get(module) ?? (await this.#loadFunctions(module));
    return functions.get(name) ?? null;
  }

  /** The same, of a module that has been asked for before; undefined for what is not known. */
  loaded({ module, name }: FunctionPath): RegisteredFunction | undefined {
    return this.#functions.get(module)?.get(name);
  }

  /** Every function of a module. Throws what the module throws while it loads. */
  async functionsOf(module: string): Promise<RegisteredFunction[]> {
    return [...(await this.#loadFunctions(module)).values()];
  }

  async #loadFunctions(module: string): Promise<ReadonlyMap<string, RegisteredFunction>> {
    const modules = this.environmentOf(module) === "node" ? this.#node : this.#isolate;
    const functions = await modules.functionsOf(module);
    const byName = new Map(functions.map((found) => [found.path.name, found]));
    this.#functions.set(module, byName);
    return byName;
  }
}
