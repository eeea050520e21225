import { UserError } from "../transaction/user-error.ts";
import type { FunctionCall, FunctionOutcome } from "./call.ts";
import { failureOf, FunctionFailure, functionError } from "./failure.ts";
import type { Log } from "./log/log.ts";

/** What a call gave, before it is put into words for whoever called. */
export type Result =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly failure: FunctionFailure };

/** A failure of the function is a result; an error of the deployment stays an error. */
export async function settle(work: () => Promise<string>): Promise<Result> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof FunctionFailure || error instanceof UserError) {
      return { ok: false, failure: failureOf(error, null) };
    }
    throw error;
  }
}

/**
 * The result in words for whoever called. In production a client learns neither why it failed nor
 * what it printed.
 */
export function outcomeOf(
  result: Result,
  { caller }: FunctionCall,
  { requestId, log, production }: { requestId: string; log: Log; production: boolean },
): FunctionOutcome {
  const redacted = production && caller === "client";
  const logLines = redacted ? [] : log.texts();
  if (result.ok) return { ...result, logLines };
  return { ok: false, error: functionError(result.failure, requestId, redacted), logLines };
}
