import type { FunctionKind } from "../call.ts";
import { FunctionFailure, failureOf } from "../failure.ts";
import { displayFunctionPath, formatFunctionPath } from "./function-path.ts";
import type { FunctionPath } from "./function-path.ts";
import type { FunctionSet } from "./function-set.ts";
import type { RegisteredFunction } from "./registered-function.ts";

const KIND_NAMES: Readonly<Record<FunctionKind, string>> = {
  query: "Query",
  mutation: "Mutation",
  action: "Action",
};

/**
 * The function at a path.
 *
 * @param access "public" for whoever is outside; "any" for functions, the scheduler and the admin.
 * @throws FunctionFailure, in Convex's words, when there is none that the caller may call.
 */
export async function resolveFunction(
  set: FunctionSet,
  path: FunctionPath,
  access: "public" | "any",
): Promise<RegisteredFunction> {
  return demandFound(await loadFunction(set, path), set, path, access);
}

/** The same, where nothing has to be loaded for it; else undefined. */
export function resolveIfLoaded(
  set: FunctionSet,
  path: FunctionPath,
  access: "public" | "any",
): RegisteredFunction | undefined {
  const found = set.loaded(path);
  return found && demandFound(found, set, path, access);
}

function demandFound(
  found: RegisteredFunction | null,
  set: FunctionSet,
  path: FunctionPath,
  access: "public" | "any",
): RegisteredFunction {
  if (found === null || (access === "public" && found.visibility === "internal")) {
    const what = access === "public" ? "public function" : "function";
    const place = set.componentPath === "" ? "" : ` in component '${set.componentPath}'`;
    throw new FunctionFailure(
      `Could not find ${what} for '${displayFunctionPath(path)}'${place}. Did you forget to run \`npx convex dev\` or \`npx convex deploy\`?`,
    );
  }
  return found;
}

/** @throws FunctionFailure when the function is of another kind than the one called for. */
export function demandKind(found: RegisteredFunction, kind: FunctionKind): void {
  if (found.kind === kind) return;
  throw new FunctionFailure(
    `Trying to execute ${formatFunctionPath(found.path)} as ${KIND_NAMES[kind]}, but it is defined as ${KIND_NAMES[found.kind]}.`,
  );
}

async function loadFunction(
  set: FunctionSet,
  path: FunctionPath,
): Promise<RegisteredFunction | null> {
  try {
    return await set.find(path);
  } catch (error) {
    throw failureOf(error, set.sourceMaps);
  }
}
