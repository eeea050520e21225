import { convexToJson } from "convex/values";
import type { JSONValue } from "convex/values";
import { UserError } from "../transaction/user-error.ts";
import type { FunctionError } from "./call.ts";
import type { SourceMaps } from "./source-maps.ts";

/**
 * How a function failed, as far as its author is concerned. The text is what follows
 * `Server Error` in development; in production clients see neither it nor the log.
 */
export class FunctionFailure extends Error {
  override readonly name = "FunctionFailure";
  /** The encoded data of a ConvexError. */
  readonly data: JSONValue | undefined;

  constructor(text: string, data?: JSONValue) {
    super(text);
    this.data = data;
  }
}

/** The failure that a value thrown by a function stands for. */
export function failureOf(thrown: unknown, sourceMaps: SourceMaps | null): FunctionFailure {
  if (thrown instanceof FunctionFailure) return thrown;
  if (thrown instanceof UserError) {
    const data = thrown.data === undefined ? undefined : convexToJson(thrown.data);
    return new FunctionFailure(`Uncaught Error: ${thrown.message}`, data);
  }
  if (typeof thrown !== "object" || thrown === null) {
    return new FunctionFailure(`Uncaught ${String(thrown)}`);
  }
  return new FunctionFailure(describe(thrown, sourceMaps), dataOf(thrown));
}

/** Errors come from another realm: what they are shows in their fields, not in their class. */
function describe(thrown: object, sourceMaps: SourceMaps | null): string {
  const { name, message, stack } = thrown as Partial<Error>;
  if (message === undefined) return `Uncaught ${JSON.stringify(thrown)}`;
  const frames = sourceMaps === null ? [] : sourceMaps.frames(stack ?? "");
  return [`Uncaught ${name ?? "Error"}: ${message}`, ...frames].join("\n");
}

/** The library writes the data of a ConvexError as JSON text before the error reaches the host. */
function dataOf(thrown: object): JSONValue | undefined {
  const { data } = thrown as { data?: unknown };
  if (!(Symbol.for("ConvexError") in thrown) || typeof data !== "string") return undefined;
  return JSON.parse(data) as JSONValue;
}

/** The error as it goes over the wire. */
export function functionError(
  failure: FunctionFailure,
  requestId: string,
  redacted: boolean,
): FunctionError {
  const title = `[Request ID: ${requestId}] Server Error`;
  return {
    message: redacted ? title : `${title}\n${failure.message}`,
    ...(failure.data === undefined ? {} : { data: failure.data }),
  };
}
