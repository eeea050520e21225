import { UserError } from "../../transaction/user-error.ts";

/** Where a function is defined: a module of the pushed bundle and the name it exports. */
export interface FunctionPath {
  /** With its extension: `dir/module.js`. */
  readonly module: string;
  readonly name: string;
}

/** Paths that were read last; calls ask for few, and each for the same several times. */
const known = new Map<string, FunctionPath>();
const MOST_KNOWN = 1_000;

/**
 * Reads a path in any of the forms that clients send: `dir/module:name`, `dir/module.js:name`, and
 * `dir/module`, which stands for its default export.
 */
export function parseFunctionPath(path: string): FunctionPath {
  const before = known.get(path);
  if (before !== undefined) return before;
  const read = readPath(path);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(path, read);
  return read;
}

function readPath(path: string): FunctionPath {
  const colon = path.lastIndexOf(":");
  const module = colon === -1 ? path : path.slice(0, colon);
  const name = colon === -1 ? "default" : path.slice(colon + 1);
  if (!/^[\w./-]+$/.test(module) || !/^[A-Za-z_$][\w$]*$/.test(name)) {
    throw new UserError(`'${path}' is not the path of a function.`);
  }
  return { module: module.endsWith(".js") ? module : `${module}.js`, name };
}

/** The one way to write a path in documents and logs: `dir/module.js:name`. */
export function formatFunctionPath({ module, name }: FunctionPath): string {
  return `${module}:${name}`;
}

/** The way a path is written to people: `dir/module:name`. */
export function displayFunctionPath({ module, name }: FunctionPath): string {
  return `${module.endsWith(".js") ? module.slice(0, -3) : module}:${name}`;
}
