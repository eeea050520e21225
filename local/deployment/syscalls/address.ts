import { childPath } from "../functions/components.ts";
import { parseFunctionPath, formatFunctionPath } from "../functions/modules/function-path.ts";
import type { FunctionPath } from "../functions/modules/function-path.ts";
import { UserError } from "../transaction/user-error.ts";
import type { SyscallArgs } from "./syscalls.ts";

const HANDLE = "function://";
const CHILD = "_reference/childComponent/";

export interface FunctionAddress {
  readonly componentPath: string;
  readonly path: FunctionPath;
  /** Named through the component that has it, of which only public functions are to be seen. */
  readonly isExport?: boolean;
}

/** Reads the address in a call: a name in the caller's own component, a handle or a reference. */
export function readAddress(args: SyscallArgs, componentPath: string): FunctionAddress {
  if (typeof args["name"] === "string") {
    return { componentPath, path: parseFunctionPath(args["name"]) };
  }
  if (typeof args["functionHandle"] === "string") return readHandle(args["functionHandle"]);
  if (typeof args["reference"] === "string") return readReference(args["reference"], componentPath);
  throw new UserError("A function reference is missing.");
}

/** A name for a function that may be stored and is valid in every component. */
export function formatHandle({ componentPath, path }: FunctionAddress): string {
  return `${HANDLE}${componentPath};${formatFunctionPath(path)}`;
}

function readHandle(handle: string): FunctionAddress {
  const [componentPath, path] = handle.slice(HANDLE.length).split(";");
  if (!handle.startsWith(HANDLE) || componentPath === undefined || path === undefined) {
    throw new UserError(`'${handle}' is not a function handle.`);
  }
  return { componentPath, path: parseFunctionPath(path) };
}

/** `components.name.dir.module.fn`, which the library writes with slashes. */
function readReference(reference: string, componentPath: string): FunctionAddress {
  const [name = "", ...names] = reference.startsWith(CHILD)
    ? reference.slice(CHILD.length).split("/")
    : [];
  const functionName = names.pop();
  if (name === "" || functionName === undefined || names.length === 0) {
    throw new UserError(`'${reference}' is not a reference to a function of a component.`);
  }
  return {
    componentPath: childPath(componentPath, name),
    path: parseFunctionPath(`${names.join("/")}:${functionName}`),
    isExport: true,
  };
}
