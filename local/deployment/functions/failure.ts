import { convexToJson } from "convex/values";
import type { JSONValue } from "convex/values";
import { UserError } from "../transaction/user-error.ts";
import type { FunctionError } from "./call.ts";
import type { SourceMaps } from "./modules/source-maps.ts";

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

/** A value that a function threw, as far as its failure tells of it. It can go to another thread. */
export interface Thrown {
  /** What it says of itself, with "Uncaught". */
  readonly text: string;
  /** Where it was thrown; null when it does not tell. */
  readonly stack: string | null;
  /** The encoded data of a ConvexError. */
  readonly data: JSONValue | undefined;
}

/** Stands for a value that was thrown in another thread. */
export class ThrownElsewhere extends Error {
  readonly thrown: Thrown;

  constructor(thrown: Thrown) {
    super(thrown.text);
    this.thrown = thrown;
  }
}

/** The failure that a value thrown by a function stands for. */
export function failureOf(value: unknown, sourceMaps: SourceMaps | null): FunctionFailure {
  if (value instanceof FunctionFailure) return value;
  const { text, stack, data } = value instanceof ThrownElsewhere ? value.thrown : thrownBy(value);
  const frames = stack === null ? [] : (sourceMaps?.frames(stack) ?? []);
  return new FunctionFailure([text, ...frames].join("\n"), data);
}

/** Errors come from another realm: what they are shows in their fields, not in their class. */
export function thrownBy(value: unknown): Thrown {
  if (value instanceof FunctionFailure) {
    return { text: value.message, stack: null, data: value.data };
  }
  if (value instanceof UserError) {
    const data = value.data === undefined ? undefined : convexToJson(value.data);
    return { text: `Uncaught Error: ${value.message}`, stack: null, data };
  }
  if (typeof value !== "object" || value === null) {
    return { text: `Uncaught ${String(value)}`, stack: null, data: undefined };
  }
  const { name, message, stack } = value as Partial<Error>;
  const data = dataOf(value);
  if (message === undefined) {
    return { text: `Uncaught ${asJson(value)}`, stack: null, data };
  }
  return { text: `Uncaught ${name ?? "Error"}: ${message}`, stack: stack ?? null, data };
}

function asJson(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return String(value);
  }
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
