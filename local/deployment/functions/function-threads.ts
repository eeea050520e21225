import type { IsolateModule } from "./isolate/modules.ts";
import type { NodeModule } from "./node/modules.ts";
import type { CallOrigin } from "./overruns.ts";
import { FunctionThread } from "./threads/function-thread.ts";

/** Milliseconds of processor time. Convex gives a query or mutation one second in all. */
const TURN_LIMIT_MS = 2_000;
/** Loading a large package takes two or three seconds of it. */
const NODE_TURN_LIMIT_MS = 10_000;

/** The threads that run functions beside the deployment's own. */
export class FunctionThreads {
  readonly isolate: FunctionThread<IsolateModule>;
  readonly node: FunctionThread<NodeModule>;
  /** Whether no function leaves them to run beside the database, however quick it is. */
  keepsAll: boolean;

  /** @param onOverrun learns of a call that computed for longer than its thread's limit at a stretch. */
  constructor(
    limits: {
      readonly turnLimitMs?: number;
      readonly nodeTurnLimitMs?: number;
      readonly hasFilledMemory?: boolean;
    },
    onOverrun: (call: CallOrigin) => void,
  ) {
    this.keepsAll = limits.hasFilledMemory ?? false;
    this.isolate = new FunctionThread({
      url: new URL("./isolate/thread.ts", import.meta.url),
      name: "The functions' thread",
      turnLimitMs: limits.turnLimitMs ?? TURN_LIMIT_MS,
      onOverrun,
    });
    this.node = new FunctionThread({
      url: new URL("./node/thread.ts", import.meta.url),
      name: "Node's runtime",
      turnLimitMs: limits.nodeTurnLimitMs ?? NODE_TURN_LIMIT_MS,
      onOverrun,
    });
  }

  /** Ends what still runs in them. */
  async close(): Promise<void> {
    await Promise.all([this.isolate.close(), this.node.close()]);
  }
}
