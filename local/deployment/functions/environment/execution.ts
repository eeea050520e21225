import { AsyncLocalStorage } from "node:async_hooks";
import type { Syscalls } from "../../syscalls/syscalls.ts";
import type { Log } from "../log/log.ts";
import type { CallOrigin } from "../overruns.ts";

export type ExecutionKind = "import" | "query" | "mutation" | "action";

/**
 * The state of one run of one function: everything that must differ between two functions that run
 * in the same JavaScript context at the same time. A function called inside a transaction gets an
 * execution of its own, with its caller's log and clock.
 */
export interface Execution {
  readonly kind: ExecutionKind;
  readonly log: Pick<Log, "add">;
  /** Milliseconds since the epoch; it stands still in queries and mutations. */
  readonly now: () => number;
  /** What its random numbers follow from. */
  readonly seed: () => string;
  readonly random: () => number;
  readonly environment: Readonly<Record<string, string>>;
  readonly syscalls: Syscalls | null;
  /** The call that it is part of; null while a module loads. */
  readonly origin: CallOrigin | null;
  /** How many of the platform's own operations, such as hashing, it waits for. */
  readonly platform: { waiting: number };
  /** Aborted when the run is over: what it left behind (requests, timers) ends with it. */
  readonly end: AbortController;
  /** Ends the run with an error that its code neither took nor handed on, if it still runs. */
  readonly fail: (thrown: unknown) => void;
}

const storage = new AsyncLocalStorage<Execution | undefined>();

/** The execution that the calling code belongs to, however many awaits away it began. */
export function currentExecution(): Execution | undefined {
  return storage.getStore();
}

/** Under this name the call that is running is found from outside, when it does not end. */
export const CURRENT_CALL = Symbol.for("convex.currentCall");

export function currentCall(): CallOrigin | null {
  return storage.getStore()?.origin ?? null;
}

/** Runs work of the deployment's own that a function asked for: what goes wrong there is not the function's. */
export function runOutside<T>(work: () => T): T {
  return storage.run(undefined, work);
}

export function runIn<T>(execution: Execution, work: () => T): T {
  return storage.run(execution, work);
}
