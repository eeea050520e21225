import { MessageChannel, type MessagePort, type Transferable, Worker } from "node:worker_threads";
import { sharedNumber, type SharedNumber, watchTurns } from "../beats.ts";
import { currentExecution, type Execution, runOutside } from "../environment/execution.ts";
import { FunctionFailure, ThrownElsewhere } from "../failure.ts";
import type { CallOrigin } from "../overruns.ts";
import { answerNow, answerTo } from "./answer.ts";
import type {
  FromThread,
  FunctionDescriptions,
  ThreadCall,
  ThreadData,
  ThreadRequest,
  ThreadResponse,
  ToThread,
} from "./messages.ts";
import { isOutOfMemory, MEMORY_LIMIT_MIB, OUT_OF_MEMORY } from "./memory.ts";
import { responseOf } from "./response.ts";
import { ThreadEnded } from "./thread-ended.ts";

export interface FunctionThreadOptions {
  /** The module that the thread runs, which calls `serve`. */
  readonly url: URL;
  /** What it is called in messages. */
  readonly name: string;
  /**
   * How long one turn of the thread may compute, in milliseconds of its own processor time, so that
   * a busy machine is no reason to end it.
   */
  readonly turnLimitMs: number;
  /** Learns of a call that computed for longer. */
  onOverrun(call: CallOrigin): void;
}

/** What a function gave, and how it computed. */
export interface ThreadResult {
  readonly value: string;
  /** The longest that it computed at a stretch, in milliseconds of processor time. */
  readonly longestTurnMs: number;
}

/** What is under way in the thread. */
interface Task {
  readonly done: PromiseWithResolvers<Returned>;
  /** Of a call: where what it asks and prints goes. */
  readonly execution: Execution | null;
  /** Of a request, which goes on after it returned: rejects when the thread ends. */
  readonly lost: PromiseWithResolvers<never> | null;
}

type Asked = Extract<FromThread, { type: "asked" }>;
type Returned = Extract<FromThread, { type: "returned" }>;

/** A thread that is running, with what it is reached by. */
interface Running {
  readonly worker: Worker;
  readonly working: SharedNumber;
  readonly answered: SharedNumber;
  readonly answers: MessagePort;
  readonly stopWatch: () => void;
}

/**
 * A thread of its own for functions. What they ask of the deployment, and what they print, comes from
 * it in messages; when one computes without an end, the thread is ended and nobody else waits. It
 * starts with the first function that needs it, and again after it ended.
 */
export class FunctionThread<Module> {
  readonly #options: FunctionThreadOptions;
  #running: Running | null = null;
  #isClosed = false;
  #starts = 0;
  readonly #tasks = new Map<number, Task>();
  #lastTask = 0;

  constructor(options: FunctionThreadOptions) {
    this.#options = options;
  }

  /** How many times the thread has been started; another number means that it has forgotten all. */
  start(): number {
    this.#demandRunning();
    return this.#starts;
  }

  /** Tells the thread what it has to know beforehand, if it is running. */
  prepare(preparation: unknown): void {
    this.#send({ type: "prepare", preparation });
  }

  /**
   * The functions that a module exports.
   *
   * @throws ThrownElsewhere when it does not load; ThreadEnded or FunctionFailure when the thread
   * ended meanwhile.
   */
  async describe(module: Module): Promise<FunctionDescriptions> {
    const { value } = await this.#perform(null, (task) => ({ type: "describe", task, module }));
    return value as FunctionDescriptions;
  }

  /**
   * Calls a function for the execution that the caller runs in.
   *
   * @throws ThrownElsewhere with what it threw; ThreadEnded or FunctionFailure when the thread ended
   * meanwhile.
   */
  async call(call: ThreadCall<Module>): Promise<ThreadResult> {
    const execution = currentExecution();
    if (execution === undefined) throw new Error("A function is called within an execution.");
    const now = execution.kind === "action" ? null : execution.now();
    const seed = execution.seed();
    const { platform } = execution;
    platform.waiting++;
    try {
      const returned = await this.#perform(execution, (task) => ({
        type: "call",
        task,
        now,
        seed,
        ...call,
      }));
      return { value: returned.value as string, longestTurnMs: returned.longestTurnMs };
    } finally {
      platform.waiting--;
    }
  }

  /**
   * Has a request answered for the execution that the caller runs in, which goes on in the thread
   * until its end is told.
   *
   * @param departure aborted when whoever asks has gone
   * @throws as `call` does; what is lost while the answer's body is read fails the body.
   */
  async respond(request: ThreadRequest<Module>, departure: AbortSignal): Promise<Response> {
    const execution = currentExecution();
    if (execution === undefined) throw new Error("A request is answered within an execution.");
    const lost = Promise.withResolvers<never>();
    lost.promise.catch(() => undefined);
    let number = 0;
    const returned = this.#perform(
      execution,
      (task) => {
        number = task;
        return { type: "respond", task, ...request };
      },
      lost,
    );
    const tell = (type: "gone" | "end") => this.#send({ type, task: number });
    departure.addEventListener("abort", () => tell("gone"), { once: true });
    execution.end.signal.addEventListener(
      "abort",
      () => {
        this.#tasks.delete(number);
        tell("end");
      },
      { once: true },
    );
    const { value } = await returned;
    return responseOf(value as ThreadResponse, lost.promise);
  }

  /** Ends the thread, and what is under way in it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#end(
      () => new FunctionFailure("The deployment stopped while this function was running."),
    );
  }

  async #perform(
    execution: Execution | null,
    message: (task: number) => ToThread<Module>,
    lost: PromiseWithResolvers<never> | null = null,
  ): Promise<Returned> {
    this.#demandRunning();
    const task = ++this.#lastTask;
    const done = Promise.withResolvers<Returned>();
    this.#tasks.set(task, { done, execution, lost });
    this.#send(message(task));
    return await done.promise;
  }

  #demandRunning(): void {
    if (this.#isClosed) throw new FunctionFailure("The deployment has stopped.");
    if (this.#running !== null) return;
    this.#running = runOutside(() => this.#launch());
    this.#starts++;
  }

  #launch(): Running {
    const { url, name, turnLimitMs } = this.#options;
    const [beats, working, answered] = [sharedNumber(), sharedNumber(), sharedNumber()];
    const { port1: answers, port2 } = new MessageChannel();
    answers.unref();
    const workerData: ThreadData = { beats, working, answered, answers: port2 };
    const worker = new Worker(url, {
      workerData,
      transferList: [port2] as Transferable[],
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_MIB },
    });
    worker.unref();
    worker.on("message", (message: FromThread) => {
      if (worker === this.#running?.worker) this.#hear(message);
    });
    const crashed = (reason: string) => {
      if (worker === this.#running?.worker) void this.#endCrashed(reason);
    };
    worker.on("error", (error) =>
      crashed(isOutOfMemory(error) ? OUT_OF_MEMORY : `${name} ended: ${String(error)}`),
    );
    worker.on("exit", (code) => crashed(`${name} ended with ${code}.`));
    const stopWatch = watchTurns(worker, beats, turnLimitMs, async () => {
      if (worker === this.#running?.worker) await this.#endOverrun();
    });
    return { worker, working, answered, answers, stopWatch };
  }

  async #endOverrun(): Promise<void> {
    const { name, turnLimitMs } = this.#options;
    const culprit = this.#working() ?? this.#onlyAction();
    const origin = culprit?.execution?.origin;
    console.error(
      `${origin ? `${origin.path}(${shortened(origin.args)})` : `Something in ${name}`} computed for more than ${turnLimitMs} ms without an end, and was stopped.`,
    );
    if (origin) this.#options.onOverrun(origin);
    await this.#end((task) => {
      if (task === culprit) {
        return new FunctionFailure(
          `Function execution timed out (maximum duration: ${turnLimitMs / 1000}s)`,
        );
      }
      if (isRepeatable(task)) return new ThreadEnded();
      return new FunctionFailure(
        "Function execution timed out: a function beside it computed for too long, and all that ran there was stopped.",
      );
    });
  }

  /** A function that crashes the thread must not do so again and again. */
  async #endCrashed(reason: string): Promise<void> {
    const culprit = this.#working();
    await this.#end((task) =>
      culprit !== undefined && task !== culprit && isRepeatable(task)
        ? new ThreadEnded()
        : new FunctionFailure(reason),
    );
  }

  /** The task whose code the thread is running, where it can tell. */
  #working(): Task | undefined {
    return this.#tasks.get(this.#running?.working[0] ?? 0);
  }

  /** What goes on by itself, with a timer or an answer to a request, is an action. */
  #onlyAction(): Task | undefined {
    const [action, another] = [...this.#tasks.values()].filter(
      ({ execution }) => execution?.kind === "action",
    );
    return another === undefined ? action : undefined;
  }

  async #end(reasonOf: (task: Task) => Error): Promise<void> {
    const running = this.#running;
    this.#running = null;
    running?.stopWatch();
    const tasks = [...this.#tasks.values()];
    this.#tasks.clear();
    for (const task of tasks) {
      const reason = reasonOf(task);
      task.done.reject(reason);
      task.lost?.reject(reason);
    }
    running?.answers.close();
    await running?.worker.terminate();
  }

  #hear(message: FromThread): void {
    const task = this.#tasks.get(message.task);
    switch (message.type) {
      case "returned":
        if (task?.lost === null) this.#tasks.delete(message.task);
        return task?.done.resolve(message);
      case "threw":
        this.#tasks.delete(message.task);
        return task?.done.reject(new ThrownElsewhere(message.thrown));
      case "printed":
        return task?.execution?.log.add(message.level, message.messages);
      case "asked":
        return this.#answer(message, task?.execution ?? null);
    }
  }

  #answer(asked: Asked, execution: Execution | null): void {
    if (asked.how === "sync") return this.#answerAtOnce(asked, execution);
    const { worker } = this.#running!;
    void answerTo(asked, execution).then((answer) => {
      if (worker !== this.#running?.worker) return;
      this.#send({ type: "answer", question: asked.question, answer });
    });
  }

  #answerAtOnce(asked: Asked, execution: Execution | null): void {
    const { answers, answered } = this.#running!;
    post(answers, answerNow(asked, execution));
    Atomics.add(answered, 0, 1);
    Atomics.notify(answered, 0);
  }

  #send(message: ToThread<Module>): void {
    if (this.#running !== null) post(this.#running.worker, message);
  }
}

function post(to: Worker | MessagePort, message: unknown): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  to.postMessage(message);
}

/** A transaction has no effect before its end, and a module that is loaded has none. */
function isRepeatable({ execution }: Task): boolean {
  return execution?.kind !== "action";
}

function shortened(args: string): string {
  return args.length <= 200 ? args : `${args.slice(0, 200)}…`;
}
