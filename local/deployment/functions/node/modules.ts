import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ModuleSource } from "../isolate/isolate.ts";
import { type RegisteredFunction, registeredFunction } from "../modules/registered-function.ts";
import type { FunctionThread } from "../threads/function-thread.ts";
import { untilDone } from "../threads/thread-ended.ts";

/** A module on disk, and what its functions see as `process.env`. */
export interface NodeModule {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The modules that begin with "use node". They run in Node's own thread, with all of Node: the bundle
 * is written to a folder named for its content and imported from there.
 */
export class NodeModules {
  readonly #sources: readonly ModuleSource[];
  readonly #environment: Readonly<Record<string, string>>;
  readonly #parent: string;
  readonly #thread: FunctionThread<NodeModule>;
  #folder: string | undefined;

  /** @param parent the folder that holds the bundles' folders. */
  constructor(
    sources: Iterable<ModuleSource>,
    environment: Readonly<Record<string, string>>,
    parent: string,
    thread: FunctionThread<NodeModule>,
  ) {
    this.#sources = [...sources];
    this.#environment = environment;
    this.#parent = parent;
    this.#thread = thread;
  }

  /** Every function of a module. Throws what the module throws while it loads. */
  async functionsOf(path: string): Promise<RegisteredFunction[]> {
    this.#folder ??= this.#write();
    const module: NodeModule = {
      url: pathToFileURL(join(this.#folder, path)).href,
      environment: this.#environment,
    };
    const described = await untilDone(() => this.#thread.describe(module));
    return Object.entries(described).map(([name, description]) =>
      registeredFunction({ module: path, name }, description, async (requestId, args) => {
        const call = { module, name, kind: description.kind, requestId, args };
        return (await this.#thread.call(call)).value;
      }),
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
