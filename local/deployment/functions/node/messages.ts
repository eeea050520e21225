import type { Thrown } from "../failure.ts";
import type { LogLevel } from "../log.ts";
import type { FunctionDescription } from "../registered-function.ts";

/** A module on disk, and what its functions see as `process.env`. */
export interface NodeModule {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A function of a module, and what it is called with. */
export interface NodeCall {
  readonly module: NodeModule;
  readonly name: string;
  readonly requestId: string;
  /** The encoded arguments in an array. */
  readonly args: string;
}

/** What one of the deployment's services answers; a failure as `SyscallError` has it. */
export type NodeAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string; readonly data: Thrown["data"] };

/** To Node's thread. Tasks and questions are each known by a number. */
export type ToNode =
  | { readonly type: "describe"; readonly task: number; readonly module: NodeModule }
  | ({ readonly type: "call"; readonly task: number } & NodeCall)
  | { readonly type: "answer"; readonly question: number; readonly answer: NodeAnswer };

/** From Node's thread. */
export type FromNode =
  | { readonly type: "returned"; readonly task: number; readonly value: unknown }
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
      readonly how: "async" | "javascript";
      readonly operation: string;
      readonly args: unknown;
    };

/** By the name under which the module exports it. */
export type FunctionDescriptions = Readonly<Record<string, FunctionDescription>>;

export interface NodeThreadData {
  /** One number, which grows while the thread gets around to its events. */
  readonly beats: Int32Array<SharedArrayBuffer>;
}
