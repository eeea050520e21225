/** A rule that the running function broke. Its message is for the function's author, in Convex's words. */
import type { Value } from "convex/values";

export class UserError extends Error {
  override readonly name = "UserError";
  /** What the function sees as the data of a ConvexError; absent for a plain error. */
  readonly data: Value | undefined;
  constructor(message: string, data?: Value) {
    super(message);
    this.data = data;
  }
}
