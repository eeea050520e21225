import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { executionConsole } from "./console.ts";
import { currentExecution, runIn } from "./execution.ts";
import { convexGlobal } from "./globals.ts";
import { importExecution } from "./import-execution.ts";
import type { ModuleSource } from "./isolate.ts";

/**
 * The modules that begin with "use node". They run in the deployment's own realm, with all of Node:
 * the bundle is written to a folder named for its content and imported from there.
 */
export class NodeModules {
  readonly #sources: readonly ModuleSource[];
  readonly #environment: Readonly<Record<string, string>>;
  readonly #parent: string;
  #folder: string | undefined;

  /** @param parent the folder that holds the bundles' folders. */
  constructor(
    sources: Iterable<ModuleSource>,
    environment: Readonly<Record<string, string>>,
    parent: string,
  ) {
    this.#sources = [...sources];
    this.#environment = environment;
    this.#parent = parent;
  }

  async load(path: string): Promise<Record<string, unknown>> {
    adaptNode();
    this.#folder ??= this.#write();
    const url = pathToFileURL(join(this.#folder, path)).href;
    return runIn(
      importExecution(this.#environment),
      () => import(/* @vite-ignore */ url) as Promise<Record<string, unknown>>,
    );
  }

  /** A folder that exists is whole, because it gets its name last. */
  #write(): string {
    const folder = join(this.#parent, this.#digest());
    if (existsSync(folder)) return folder;
    const draft = `${folder}.draft`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    writeFileSync(join(draft, "package.json"), '{"type":"module"}');
    for (const { path, source, sourceMap } of this.#sources) {
      const file = join(draft, path);
      if (!file.startsWith(draft)) throw new Error(`The module path ${path} leads out.`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, source);
      if (sourceMap !== undefined) writeFileSync(`${file}.map`, sourceMap);
    }
    renameSync(draft, folder);
    return folder;
  }

  /** The variables count, because a module may read them while it loads, and Node loads it once. */
  #digest(): string {
    const hash = createHash("sha256").update(JSON.stringify(this.#environment));
    for (const { path, source } of this.#sources) hash.update(`\0${path}\0${source}`);
    return hash.digest("hex").slice(0, 32);
  }
}

let adapted = false;

/**
 * Inside an execution, Node's realm shows the function's own variables and writes to its log, and
 * never the deployment's; everywhere else it stays as it was.
 */
function adaptNode(): void {
  if (adapted) return;
  adapted = true;
  Object.defineProperty(globalThis, "Convex", { value: convexGlobal() });
  const own = process.env;
  Object.defineProperty(process, "env", {
    get: () => currentExecution()?.environment ?? own,
  });
  for (const [name, print] of Object.entries(executionConsole())) {
    const method = name as keyof Console;
    const ownMethod = console[method] as (...values: unknown[]) => void;
    const adaptedMethod = (...values: unknown[]) =>
      currentExecution() === undefined ? ownMethod.apply(console, values) : print(...values);
    Object.assign(console, { [method]: adaptedMethod });
  }
}
