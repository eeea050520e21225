import type { MessagePort } from "node:worker_threads";
import type { SharedNumber } from "../beats.ts";
import type { ExecutionKind } from "../environment/execution.ts";
import type { Thrown } from "../failure.ts";
import type { LogLevel } from "../log/log.ts";
import type { FunctionDescription } from "../modules/registered-function.ts";

/** What a thread is started with. */
export interface ThreadData {
  /** Grows while the thread gets around to its events. */
  readonly beats: SharedNumber;
  /** The task whose code the thread runs in this turn; 0 when it cannot tell. */
  readonly working: SharedNumber;
  /** Grows with each answer that comes by `answers`. */
  readonly answered: SharedNumber;
  /** Brings the answers that the thread stands still for. */
  readonly answers: MessagePort;
}

/** A function of a module, and what it is called with. `Module` is what the thread's kind loads by. */
export interface ThreadCall<Module> {
  readonly module: Module;
  readonly name: string;
  readonly kind: Exclude<ExecutionKind, "import">;
  readonly requestId: string;
  /** The encoded arguments in an array. */
  readonly args: string;
}

/** A request, whole, for one of the routes of a module's router. */
export interface ThreadRequest<Module> {
  readonly module: Module;
  /** By which the router finds the route. */
  readonly route: { readonly path: string; readonly method: string };
  readonly url: string;
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | null;
}

/** What answers a request. The body arrives piece by piece. */
export interface ThreadResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: ReadableStream<Uint8Array> | null;
}

/** What one of the deployment's services answers; a failure as `SyscallError` has it. */
export type ThreadAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string; readonly data: Thrown["data"] };

/** To a thread. Tasks and questions are each known by a number. */
export type ToThread<Module> =
  | { readonly type: "describe"; readonly task: number; readonly module: Module }
  | ({
      readonly type: "call";
      readonly task: number;
      /** Where its clock stands, in milliseconds since the epoch; null when it goes. */
      readonly now: number | null;
      readonly seed: string;
    } & ThreadCall<Module>)
  | ({ readonly type: "respond"; readonly task: number } & ThreadRequest<Module>)
  /** Whoever sent the request has gone. */
  | { readonly type: "gone"; readonly task: number }
  /** The answer to the request has been read, or given up. */
  | { readonly type: "end"; readonly task: number }
  | { readonly type: "answer"; readonly question: number; readonly answer: ThreadAnswer }
  /** Something that the thread's kind has to know beforehand. */
  | { readonly type: "prepare"; readonly preparation: unknown };

/** From a thread. */
export type FromThread =
  | {
      readonly type: "returned";
      readonly task: number;
      readonly value: unknown;
      /** The longest that it computed at a stretch, in milliseconds of processor time. */
      readonly longestTurnMs: number;
    }
  | { readonly type: "threw"; readonly task: number; readonly thrown: Thrown }
  | {
      readonly type: "printed";
      readonly task: number;
      readonly level: LogLevel;
      readonly messages: string[];
    }
  | {
      readonly type: "asked";
      readonly task: number;
      readonly question: number;
      /** `sync`: the thread stands still until the answer is there. */
      readonly how: "sync" | "async" | "javascript";
      readonly operation: string;
      readonly args: unknown;
    };

/** By the name under which the module exports it. */
export type FunctionDescriptions = Readonly<Record<string, FunctionDescription>>;
