import { Worker } from "node:worker_threads";
import type { DeploymentOptions } from "../deployment.ts";
import { sharedNumber, type SharedNumber, watchTurns } from "../functions/beats.ts";
import type { CallOrigin } from "../functions/overruns.ts";
import { isOutOfMemory } from "../functions/threads/memory.ts";
import { callBeingComputed } from "./culprit.ts";

export interface EngineData {
  readonly options: DeploymentOptions;
  readonly overruns: readonly CallOrigin[];
  /** What ran beside the database has filled the memory. */
  readonly hasFilledMemory: boolean;
  readonly beats: SharedNumber;
}

export type EngineMessage =
  | {
      readonly type: "ready";
      readonly url: string;
      readonly siteUrl: string;
      readonly ports: { readonly cloud: number; readonly site: number };
    }
  | { readonly type: "pushed" }
  | { readonly type: "closed" }
  | { readonly type: "failed"; readonly message: string };

const THREAD = new URL("./engine-thread.ts", import.meta.url);

/** A call that is still the one computed after so long is the one that spins. */
const SAME_CALL_MS = 500;
/** Nothing that the deployment does itself computes for so long at a stretch. */
const LONGEST_TURN_MS = 60_000;
/**
 * What is made and soon dropped may take so much memory before it is cleared away. V8 would let it
 * grow further with each burst and keep the room: a thousand clients that came and watched five
 * queries each left 97 kB a client, of which 17 kB were in use; so it is 41 kB.
 */
const YOUNG_GENERATION_MB = 16;
/**
 * The deployment in a thread of its own. A function that spins there, and not in a thread beside it,
 * cannot be stopped alone: the thread is ended, which loses nothing that was acknowledged, and started
 * again on the same data and ports. Clients come back by themselves; the call that did not end fails
 * when it is made again.
 */
export class Engine {
  readonly #turnLimitMs: number;
  readonly #say: (line: string) => void;
  #options: DeploymentOptions;
  #overruns: CallOrigin[] = [];
  #hasFilledMemory = false;
  #worker: Worker | null = null;
  #ended: Promise<unknown> = Promise.resolve();
  #stopWatch = (): void => undefined;
  readonly #failure = Promise.withResolvers<string>();
  readonly #closed = Promise.withResolvers<void>();

  /**
   * @param turnLimitMs how long one turn of the thread may compute, in milliseconds of its own
   * processor time, so that a busy machine is no reason to end it.
   * @param say what an operator should read.
   */
  constructor(options: DeploymentOptions, turnLimitMs: number, say: (line: string) => void) {
    this.#options = options;
    this.#turnLimitMs = turnLimitMs;
    this.#say = say;
  }

  /** Resolves with the reason when the process has to end. */
  get failure(): Promise<string> {
    return this.#failure.promise;
  }

  /** Gives the deployment's address when it answers there. */
  start(): Promise<string> {
    const beats = sharedNumber();
    const data: EngineData = {
      options: this.#options,
      overruns: this.#overruns,
      hasFilledMemory: this.#hasFilledMemory,
      beats,
    };
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB };
    const worker = new Worker(THREAD, { workerData: data, resourceLimits });
    this.#worker = worker;
    this.#ended = new Promise((resolve) => worker.once("exit", resolve));
    let isReady = false;
    worker.once("error", (error) => {
      // Where it is not even ready, what fills the memory is nothing that a function did.
      if (!isReady || !isOutOfMemory(error)) return this.#failure.resolve(String(error));
      this.#hasFilledMemory = true;
      void this.#startAgain(
        worker,
        "A function took more memory than there is. The deployment was started again.",
      );
    });
    return new Promise((resolve) => {
      worker.on("message", (message: EngineMessage) => {
        switch (message.type) {
          case "ready": {
            isReady = true;
            const { cloud, site } = message.ports;
            // A port that the system chose stays the same.
            this.#options = { ...this.#options, port: cloud, sitePort: site };
            this.#stopWatch = watchTurns(worker, beats, this.#turnLimitMs, async (turn) => {
              const culprit = await this.#spinningCall(turn.isOver);
              if (culprit !== null || turn.ms >= LONGEST_TURN_MS) {
                await this.#restart(worker, culprit);
              }
            });
            return resolve(message.url);
          }
          case "pushed":
            this.#overruns = [];
            this.#hasFilledMemory = false;
            return;
          case "closed":
            return this.#closed.resolve();
          case "failed":
            return this.#failure.resolve(message.message);
        }
      });
    });
  }

  /** Answers what is under way and puts everything on disk. */
  async close(): Promise<void> {
    this.#stopWatch();
    this.#worker?.postMessage("close");
    await this.#closed.promise;
  }

  /**
   * The one call that the thread computes all the time. Many that each compute a little, or work of
   * the deployment's own, are no reason to end it.
   */
  async #spinningCall(isOver: () => boolean): Promise<CallOrigin | null> {
    const first = await callBeingComputed(THREAD.href);
    if (first === null) return null;
    await new Promise((resolve) => setTimeout(resolve, SAME_CALL_MS));
    if (isOver()) return null;
    const second = await callBeingComputed(THREAD.href);
    return isOver() || JSON.stringify(first) !== JSON.stringify(second) ? null : first;
  }

  async #restart(worker: Worker, culprit: CallOrigin | null): Promise<void> {
    if (culprit !== null) this.#overruns.push(culprit);
    const what = culprit === null ? "Something" : `${culprit.path}(${shortened(culprit.args)})`;
    await this.#startAgain(
      worker,
      `${what} computed for more than ${this.#turnLimitMs} ms without an end. The deployment was started again without it.`,
    );
  }

  /** @param reason said once it serves again. */
  async #startAgain(worker: Worker, reason: string): Promise<void> {
    if (worker !== this.#worker) return;
    this.#worker = null;
    this.#stopWatch();
    await worker.terminate();
    await this.#ended;
    await this.start();
    this.#say(reason);
  }
}

function shortened(args: string): string {
  return args.length <= 200 ? args : `${args.slice(0, 200)}…`;
}
