import type { ValidatorJson } from "../../values/validator.ts";
import type { FunctionKind } from "../call.ts";
import type { FunctionPath } from "./function-path.ts";

/** A function as the official library's `query`, `mutation` and `action` wrappers export it. */
export interface RegisteredFunction {
  readonly path: FunctionPath;
  readonly kind: FunctionKind;
  readonly visibility: "public" | "internal";
  /** The validators as the library writes them: JSON text. */
  readonly argsJson: string;
  readonly returnsJson: string;
  readonly args: ValidatorJson;
  /** Null when the function promises nothing. */
  readonly returns: ValidatorJson | null;
  /** Takes the encoded arguments in an array, gives the encoded result. */
  invoke(requestId: string, args: string): Promise<string>;
}

/** What a module tells of a function that it exports. */
export interface FunctionDescription {
  readonly kind: FunctionKind;
  readonly visibility: "public" | "internal";
  readonly argsJson: string;
  readonly returnsJson: string;
}

interface Exported {
  readonly isQuery?: boolean;
  readonly isMutation?: boolean;
  readonly isAction?: boolean;
  readonly isPublic?: boolean;
  readonly isInternal?: boolean;
  readonly exportArgs?: () => string;
  readonly exportReturns?: () => string;
  readonly invokeQuery?: (args: string) => Promise<string>;
  readonly invokeMutation?: (args: string) => Promise<string>;
  readonly invokeAction?: (requestId: string, args: string) => Promise<string>;
}

/** Null for an export that is not a Convex function. */
export function describeFunction(value: unknown): FunctionDescription | null {
  if (typeof value !== "function") return null;
  const exported = value as Exported;
  const kind = kindOf(exported);
  if (kind === null || !(exported.isPublic || exported.isInternal)) return null;
  return {
    kind,
    visibility: exported.isPublic ? "public" : "internal",
    argsJson: exported.exportArgs?.() ?? '{"type":"any"}',
    returnsJson: exported.exportReturns?.() ?? "null",
  };
}

/** Runs an export that was described as a function of that kind. */
export function invokeExport(
  value: unknown,
  kind: FunctionKind,
  requestId: string,
  args: string,
): Promise<string> {
  const exported = value as Exported;
  switch (kind) {
    case "query":
      return exported.invokeQuery!(args);
    case "mutation":
      return exported.invokeMutation!(args);
    case "action":
      return exported.invokeAction!(requestId, args);
  }
}

export function registeredFunction(
  path: FunctionPath,
  description: FunctionDescription,
  invoke: RegisteredFunction["invoke"],
): RegisteredFunction {
  const { argsJson, returnsJson } = description;
  return {
    path,
    ...description,
    args: JSON.parse(argsJson) as ValidatorJson,
    returns: JSON.parse(returnsJson) as ValidatorJson | null,
    invoke,
  };
}

function kindOf(exported: Exported): FunctionKind | null {
  if (exported.isQuery) return "query";
  if (exported.isMutation) return "mutation";
  if (exported.isAction) return "action";
  return null;
}
