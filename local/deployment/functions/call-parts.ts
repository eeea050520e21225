/** What a call says, in the words of those who carry it out. */
import { randomUUID } from "node:crypto";
import type { FunctionAddress } from "../syscalls/address.ts";
import type { RequestContext } from "../syscalls/request-context.ts";
import type { FunctionCall } from "./call.ts";
import { displayFunctionPath, parseFunctionPath } from "./function-path.ts";
import type { CallOrigin } from "./overruns.ts";

export function requestContext(
  call: Pick<FunctionCall, "identity" | "request" | "requestId" | "scheduledFunctionId">,
): RequestContext {
  return {
    id: call.requestId ?? newRequestId(),
    identity: call.identity,
    ip: call.request?.ip ?? null,
    userAgent: call.request?.userAgent ?? null,
    scheduledFunctionId: call.scheduledFunctionId ?? null,
  };
}

/** Sixteen hexadecimal digits, by the way to random bytes that costs least. */
function newRequestId(): string {
  return randomUUID().slice(-17).replace("-", "");
}

export function addressOf(call: FunctionCall): FunctionAddress {
  return { componentPath: call.componentPath, path: parseFunctionPath(call.path) };
}

export function originOf({ componentPath, path, args }: FunctionCall): CallOrigin {
  return { componentPath, path: displayPath(path), args };
}

export function accessOf({ caller, access = "any" }: FunctionCall): "public" | "any" {
  return caller === "client" ? "public" : access;
}

export function displayPath(path: string): string {
  try {
    return displayFunctionPath(parseFunctionPath(path));
  } catch {
    return path;
  }
}
