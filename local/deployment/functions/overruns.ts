import { FunctionFailure } from "./failure.ts";

/** A call of a function, as it was made from outside or by an action. */
export interface CallOrigin {
  readonly componentPath: string;
  /** `dir/module:name`, or the method and path of an HTTP action. */
  readonly path: string;
  /** Convex-encoded JSON. */
  readonly args: string;
}

/** The same function may be stopped this often with different arguments before none are tried. */
const CALLS_TRIED = 3;

/**
 * Calls that once kept a thread busy until it had to be ended. Clients that come back
 * ask for the same again, so these fail at once, until other code is pushed.
 */
export class Overruns {
  #calls: readonly CallOrigin[];

  constructor(calls: readonly CallOrigin[]) {
    this.#calls = calls;
  }

  /** @throws FunctionFailure for a call that is known not to end. */
  refuse(call: CallOrigin): void {
    if (this.#calls.length === 0) return;
    const ofFunction = this.#calls.filter(
      ({ componentPath, path }) => componentPath === call.componentPath && path === call.path,
    );
    const isKnown = ofFunction.some(({ args }) => args === call.args);
    if (!isKnown && ofFunction.length < CALLS_TRIED) return;
    throw new FunctionFailure(
      "Function execution timed out: it computed for too long and was stopped. It is not tried again until its code changes.",
    );
  }

  /** Takes note of a call that had to be stopped. */
  add(call: CallOrigin): void {
    this.#calls = [...this.#calls, call];
  }

  /** Other code may do better. */
  forget(): void {
    this.#calls = [];
  }
}
