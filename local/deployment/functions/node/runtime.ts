import { Worker } from "node:worker_threads";
import { SyscallError } from "../../syscalls/syscalls.ts";
import { newBeats, watchTurns } from "../beats.ts";
import { currentExecution, type Execution, runOutside } from "../execution.ts";
import { FunctionFailure, ThrownElsewhere } from "../failure.ts";
import type {
  FromNode,
  FunctionDescriptions,
  NodeAnswer,
  NodeCall,
  NodeModule,
  NodeThreadData,
  ToNode,
} from "./messages.ts";

const THREAD = new URL("./thread.ts", import.meta.url);

/**
 * How long Node's thread may compute at a stretch, in milliseconds of its own processor time. Loading
 * a large package takes two or three seconds of it.
 */
const TURN_LIMIT_MS = 10_000;

/** What is under way in the thread. */
interface Task {
  readonly done: PromiseWithResolvers<unknown>;
  /** Of a call: where what it asks and prints goes. */
  readonly execution: Execution | null;
}

type Asked = Extract<FromNode, { type: "asked" }>;

/**
 * Node's runtime beside the default one, as on Convex: a thread of its own for the modules that begin
 * with "use node". A package that takes seconds to load, or an action that computes, keeps no query
 * and no mutation waiting. The thread starts with the first that needs it, and again after it ended.
 */
export class NodeRuntime {
  readonly #turnLimitMs: number;
  #worker: Worker | null = null;
  #stopWatch = (): void => undefined;
  readonly #tasks = new Map<number, Task>();
  #lastTask = 0;

  constructor(turnLimitMs = TURN_LIMIT_MS) {
    this.#turnLimitMs = turnLimitMs;
  }

  /** The functions that a module exports. @throws ThrownElsewhere when it does not load. */
  async describe(module: NodeModule): Promise<FunctionDescriptions> {
    const described = await this.#perform({ type: "describe", module }, null);
    return described as FunctionDescriptions;
  }

  /**
   * Calls an action for the execution that the caller runs in.
   *
   * @returns its encoded result
   * @throws ThrownElsewhere with what it threw, FunctionFailure when the thread ended meanwhile
   */
  async call(call: NodeCall): Promise<string> {
    const execution = currentExecution();
    if (execution === undefined) throw new Error("An action is called within an execution.");
    return (await this.#perform({ type: "call", ...call }, execution)) as string;
  }

  /** Ends the thread, and what is under way in it. */
  async close(): Promise<void> {
    await this.#end("The deployment stopped while this action was running.");
  }

  #perform(
    message:
      { readonly type: "describe"; readonly module: NodeModule } | ({ type: "call" } & NodeCall),
    execution: Execution | null,
  ): Promise<unknown> {
    const worker = (this.#worker ??= runOutside(() => this.#start()));
    const task = ++this.#lastTask;
    const done = Promise.withResolvers<unknown>();
    this.#tasks.set(task, { done, execution });
    send(worker, { ...message, task });
    return done.promise;
  }

  #start(): Worker {
    const beats = newBeats();
    const worker = new Worker(THREAD, { workerData: { beats } satisfies NodeThreadData });
    const endedWith = (reason: string) => {
      if (worker === this.#worker) void this.#end(reason);
    };
    worker.unref();
    worker.on("message", (message: FromNode) => this.#hear(worker, message));
    worker.on("error", (error) => endedWith(`Node's runtime ended: ${String(error)}`));
    worker.on("exit", (code) => endedWith(`Node's runtime ended with ${code}.`));
    this.#stopWatch = watchTurns(worker, beats, this.#turnLimitMs, async () =>
      endedWith(
        `Function execution timed out: an action in Node's runtime computed for more than ${this.#turnLimitMs / 1000}s without an end, and all that ran there was stopped.`,
      ),
    );
    return worker;
  }

  async #end(reason: string): Promise<void> {
    this.#stopWatch();
    const worker = this.#worker;
    this.#worker = null;
    const tasks = [...this.#tasks.values()];
    this.#tasks.clear();
    for (const { done } of tasks) done.reject(new FunctionFailure(reason));
    await worker?.terminate();
  }

  #hear(worker: Worker, message: FromNode): void {
    const task = this.#tasks.get(message.task);
    switch (message.type) {
      case "returned":
        this.#tasks.delete(message.task);
        return task?.done.resolve(message.value);
      case "threw":
        this.#tasks.delete(message.task);
        return task?.done.reject(new ThrownElsewhere(message.thrown));
      case "printed":
        return task?.execution?.log.add(message.level, message.messages);
      case "asked":
        return void answerTo(message, task?.execution ?? null).then((answer) => {
          send(worker, { type: "answer", question: message.question, answer });
        });
    }
  }
}

function send(worker: Worker, message: ToNode): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  worker.postMessage(message);
}

async function answerTo(
  { how, operation, args }: Asked,
  execution: Execution | null,
): Promise<NodeAnswer> {
  const syscalls = execution?.syscalls;
  try {
    if (!syscalls) {
      throw new SyscallError("The action that this call belongs to has already ended.");
    }
    const value =
      how === "async"
        ? await syscalls.async(operation, args as string)
        : await syscalls.javascript(operation, args as Record<string, unknown>);
    return { ok: true, value };
  } catch (error) {
    const { message, data } = error as SyscallError;
    return { ok: false, message, data };
  }
}
