/** What a call says, in the words of those who carry it out. */
import { randomBytes } from "node:crypto";
import type { FunctionAddress } from "../syscalls/address.ts";
import type { RequestContext } from "../syscalls/request-context.ts";
import type { FunctionCall } from "./call.ts";
import { displayFunctionPath, parseFunctionPath } from "./modules/function-path.ts";
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

/** Eight random digits of this process. */
const PROCESS_DIGITS = randomBytes(4).toString("hex");
let requests = randomBytes(3).readUIntBE(0, 3);

/** Sixteen hexadecimal digits. Names a request in logs and messages, and gives access to nothing. */
function newRequestId(): string {
  requests = (requests + 1) % 0x1_0000_0000;
  return PROCESS_DIGITS + requests.toString(16).padStart(8, "0");
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
