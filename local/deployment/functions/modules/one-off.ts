/** Queries that an admin makes up on the spot: `npx convex run --inline-query`, and MCP's. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import type { ModuleSource } from "../isolate/isolate.ts";

/** Where the CLI's own lines in front of the query take `query` and `internalQuery` from. */
const WRAPPERS = "_system/repl/wrappers.js";
const LIBRARY = "_system/convex";

export interface OneOffModule {
  /** Another one for another source, as whoever runs it is known by its path. */
  readonly path: string;
  /** The module, and those that it imports. */
  readonly modules: readonly ModuleSource[];
}

export function oneOffModule(source: string): OneOffModule {
  const digest = createHash("sha256").update(source).digest("hex").slice(0, 8);
  const path = `testQuery/${digest}.js`;
  return { path, modules: [moduleOf(path, source), ...(wrappers ??= readWrappers())] };
}

let wrappers: readonly ModuleSource[] | undefined;

/** The installed library, as far as it is needed: what is pushed brings its own in its bundle. */
function readWrappers(): ModuleSource[] {
  const root = dirname(dirname(fileURLToPath(import.meta.resolve("convex/server"))));
  const found = new Map<string, ModuleSource>();
  const visit = (path: string) => {
    if (found.has(path)) return;
    const source = readFileSync(join(root, path), "utf8");
    found.set(path, moduleOf(`${LIBRARY}/${path}`, source));
    for (const [, specifier = ""] of source.matchAll(/(?:from|import)\s*"(\.[^"]+)"/g)) {
      visit(posix.join(posix.dirname(path), specifier));
    }
  };
  visit("server/index.js");
  const names = "queryGeneric as query, internalQueryGeneric as internalQuery";
  const exporting = `export { ${names} } from "convex:/${LIBRARY}/server/index.js";`;
  return [moduleOf(WRAPPERS, exporting), ...found.values()];
}

function moduleOf(path: string, source: string): ModuleSource {
  return { path, environment: "isolate", source };
}
