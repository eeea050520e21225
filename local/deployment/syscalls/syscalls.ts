import type { JSONValue } from "convex/values";

/**
 * What a running function may ask of the deployment. The official `convex/server` library calls these
 * by name with JSON text and expects JSON text; only the JavaScript calls carry objects (blobs).
 *
 * A call that fails throws an object with `message` and, for application errors, `data`.
 */
export interface Syscalls {
  sync(operation: string, args: string): string;
  /** At once where nothing has to be waited for: most calls come by the thousand and read memory. */
  async(operation: string, args: string): string | Promise<string>;
  javascript(operation: string, args: Record<string, unknown>): unknown;
}

/** The arguments of one call. The official library made them; their types are checked where used. */
export type SyscallArgs = Record<string, JSONValue | undefined>;

/** One operation: takes the parsed arguments, gives JSON text. */
export type Operation = (args: SyscallArgs) => string | Promise<string>;

/** Operations by name that are made once; `of` is what one function's calls are about. */
export type OperationsOf<Of, Answer = string> = Readonly<
  Record<string, (of: Of, args: SyscallArgs) => Answer>
>;

/**
 * An error as the official library expects it from a call. It must carry encoded data, and nothing
 * that belongs to the deployment.
 */
export class SyscallError extends Error {
  /** Present (and then encoded) makes it a ConvexError in the function. */
  readonly data?: JSONValue;

  constructor(message: string, data?: JSONValue) {
    super(message);
    if (data !== undefined) this.data = data;
  }
}
