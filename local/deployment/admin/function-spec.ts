import { jsonToConvex } from "convex/values";
import type { JSONValue, Value } from "convex/values";
import type { FunctionKind } from "../functions/call.ts";
import { formatFunctionPath } from "../functions/modules/function-path.ts";
import type { FunctionSet } from "../functions/modules/function-set.ts";
import { loadRouter } from "../functions/http-actions.ts";
import type { RegisteredFunction } from "../functions/modules/registered-function.ts";

const FUNCTION_TYPES: Readonly<Record<FunctionKind, string>> = {
  query: "Query",
  mutation: "Mutation",
  action: "Action",
};

/** Everything that can be called, as `npx convex function-spec` prints it. */
export async function functionSpec(set: FunctionSet): Promise<Value> {
  const modules = await Promise.all(set.callableModules().map((module) => set.functionsOf(module)));
  const routes = (await loadRouter(set))?.getRoutes() ?? [];
  return [
    ...modules.flat().map(specOf),
    ...routes.map(([path, method]) => ({ functionType: "HttpAction", method, path })),
  ];
}

function specOf({ path, kind, visibility, argsJson, returnsJson }: RegisteredFunction): Value {
  return {
    functionType: FUNCTION_TYPES[kind],
    identifier: formatFunctionPath(path),
    visibility: { kind: visibility },
    args: jsonToConvex(JSON.parse(argsJson) as JSONValue),
    returns: jsonToConvex(JSON.parse(returnsJson) as JSONValue),
  };
}
