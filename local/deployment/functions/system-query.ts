import type { JSONValue, Value } from "convex/values";
import type { Transaction } from "../transaction/transaction.ts";
import { decodeValue, encodeValue } from "../values/encoding.ts";
import type { ConvexObject } from "../values/encoding.ts";
import type { FunctionCall } from "./call.ts";
import { FunctionFailure } from "./failure.ts";
import type { FunctionSet } from "./modules/function-set.ts";

/** A query of the deployment itself: reactive like a pushed one, for the admin only. */
export type SystemQuery = (
  tx: Transaction,
  args: ConvexObject,
  /** The app's functions on the same snapshot. */
  functions: () => FunctionSet,
  componentPath: string,
) => Value | Promise<Value>;

const SYSTEM = "_system/";

export function isSystemPath(path: string): boolean {
  return path.startsWith(SYSTEM);
}

/** @throws FunctionFailure for callers other than the admin, and for a query that is not there. */
export async function runSystemQuery(
  queries: Readonly<Record<string, SystemQuery>>,
  call: FunctionCall,
  tx: Transaction,
  functions: () => FunctionSet,
): Promise<string> {
  const path = call.path.includes(":") ? call.path : `${call.path}:default`;
  const query = Object.hasOwn(queries, path) ? queries[path] : undefined;
  if (query === undefined || call.caller !== "admin") {
    throw new FunctionFailure(`Could not find public function for '${path}'.`);
  }
  const [args] = JSON.parse(call.args) as [JSONValue];
  const values = decodeValue(JSON.stringify(args)) as ConvexObject;
  return encodeValue(await query(tx, values, functions, call.componentPath));
}
