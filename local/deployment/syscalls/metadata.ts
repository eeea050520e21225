import { convexToJson } from "convex/values";
import { TRANSACTION_LIMITS } from "../transaction/limits.ts";
import type { TransactionMetrics } from "../transaction/limits.ts";
import { displayFunctionPath } from "../functions/modules/function-path.ts";
import type { FunctionAddress } from "./address.ts";
import type { RequestContext } from "./request-context.ts";

/** What `ctx.meta` tells. */
export function functionMetadata({ componentPath, path }: FunctionAddress): string {
  return JSON.stringify({ name: displayFunctionPath(path), componentPath });
}

export function deploymentMetadata(): string {
  return JSON.stringify({ name: "local", region: null, class: "s16" });
}

export function requestMetadata(request: RequestContext): string {
  const { ip, userAgent, id, scheduledFunctionId } = request;
  return JSON.stringify({ ip, userAgent, requestId: id, scheduledFunctionId, authToken: null });
}

export function transactionMetrics(used: Readonly<TransactionMetrics>): string {
  const names = Object.keys(TRANSACTION_LIMITS) as (keyof TransactionMetrics)[];
  const entries = names.map((name) => [
    name,
    { used: used[name], remaining: Math.max(0, TRANSACTION_LIMITS[name] - used[name]) },
  ]);
  return JSON.stringify(convexToJson(Object.fromEntries(entries)));
}
