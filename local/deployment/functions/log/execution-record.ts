import type { Caller } from "../call.ts";
import type { LogLine } from "./log.ts";

/** One finished execution, for whoever watches the deployment's logs. */
export interface ExecutionRecord {
  readonly kind: "Query" | "Mutation" | "Action" | "HttpAction";
  /** `dir/module:name`, or the method and path of an HTTP action. */
  readonly identifier: string;
  readonly componentPath: string;
  readonly requestId: string;
  readonly caller: Caller | "http";
  readonly logLines: readonly LogLine[];
  /** Null when it succeeded. */
  readonly error: string | null;
  /** It failed with a ConvexError, which is meant for whoever called. */
  readonly isRefusal: boolean;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds. */
  readonly duration: number;
  readonly environment: "isolate" | "node";
}
