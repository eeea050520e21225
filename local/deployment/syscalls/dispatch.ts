import { convexToJson } from "convex/values";
import { UserError } from "../transaction/user-error.ts";
import { TransactionClosedError } from "../transaction/transaction.ts";
import { SyscallError } from "./syscalls.ts";

/**
 * What the function gets to see of an error in a call. A broken rule is the function's own error.
 * Anything else is the deployment's: `onInternal` learns it, and the function only that it happened.
 */
export function syscallError(error: unknown, onInternal: (error: unknown) => void): SyscallError {
  if (error instanceof SyscallError) return error;
  if (error instanceof UserError) {
    const data = error.data === undefined ? undefined : convexToJson(error.data);
    return new SyscallError(error.message, data);
  }
  if (error instanceof TransactionClosedError) return new SyscallError(error.message);
  onInternal(error);
  return new SyscallError("Your request couldn't be completed. Try again later.");
}
