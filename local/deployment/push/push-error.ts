import { HttpError } from "../server/http.ts";
import { FunctionFailure } from "../functions/failure.ts";

/** The CLI prints the code and the message. */
export function pushError(code: string, message: string): HttpError {
  return new HttpError(400, code, message);
}

/** Runs a part of the push's own evaluation; what the pushed code throws is told to its author. */
export async function evaluating<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HttpError) throw error;
    const reason = error instanceof FunctionFailure ? error.message : String(error);
    throw pushError("InvalidModules", `Failed to analyze ${what}: ${reason}`);
  }
}
