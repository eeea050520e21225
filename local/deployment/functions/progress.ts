import type { Syscalls } from "../syscalls/syscalls.ts";

/** Looks in a row that find nothing new, each a turn of the event loop and some time later. */
const IDLE_LOOKS = 4;

/**
 * Whether the functions of one transaction go on. They have nothing to wait for but the deployment,
 * which answers at once, and the platform's cryptography; one that neither asks nor waits for either
 * can never end, and a mutation that never ends keeps all others waiting.
 */
export class Progress {
  readonly platform = { waiting: 0 };
  readonly #countsCalled: boolean;
  #calls = 0;
  #callsSeen = -1;
  #open = 0;
  #idleLooks = 0;

  /** @param countsCalled whether to wait for a function that is called counts as waiting. */
  constructor({ countsCalled }: { readonly countsCalled: boolean }) {
    this.#countsCalled = countsCalled;
  }

  /** The same syscalls, counted. */
  observe(syscalls: Syscalls): Syscalls {
    return {
      sync: (operation, args) => {
        this.#calls++;
        return syscalls.sync(operation, args);
      },
      async: (operation, args) => {
        this.#calls++;
        const answer = syscalls.async(operation, args);
        if (typeof answer === "string") return answer;
        // Else the function that is called counts by what it asks itself.
        return this.during(answer, this.#countsCalled || operation !== "1.0/runUdf");
      },
      javascript: (operation, args) => syscalls.javascript(operation, args),
    };
  }

  /** The same promise, of the deployment's own. While it is open something goes on, if it counts. */
  async during<T>(work: Promise<T>, counts = true): Promise<T> {
    if (counts) this.#open++;
    try {
      return await work;
    } finally {
      this.#calls++;
      if (counts) this.#open--;
    }
  }

  /** To be asked now and then: true once nothing has happened for some time. */
  hasStalled(): boolean {
    const isIdle = this.#calls === this.#callsSeen && this.#open + this.platform.waiting === 0;
    this.#callsSeen = this.#calls;
    this.#idleLooks = isIdle ? this.#idleLooks + 1 : 0;
    return this.#idleLooks >= IDLE_LOOKS;
  }
}
