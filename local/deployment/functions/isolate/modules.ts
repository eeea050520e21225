import type { FunctionKind } from "../call.ts";
import {
  invokeExport,
  type RegisteredFunction,
  registeredFunction,
} from "../modules/registered-function.ts";
import type { FunctionThreads } from "../function-threads.ts";
import type { FunctionThread } from "../threads/function-thread.ts";
import type { ThreadRequest } from "../threads/messages.ts";
import { untilDone } from "../threads/thread-ended.ts";
import { Isolate, type ModuleSource } from "./isolate.ts";

/** So many quick runs, and a query or mutation is taken in. */
export const QUICK_RUNS = 3;
/** A run is quick that never computes for longer at a stretch, in milliseconds of processor time. */
const QUICK_MS = 50;

/** A module of a bundle that the thread has been given. */
export interface IsolateModule {
  readonly bundle: number;
  readonly path: string;
}

/** By which a router finds what answers. */
export type HttpRoute = ThreadRequest<IsolateModule>["route"];

export interface Bundle {
  readonly number: number;
  readonly sources: readonly ModuleSource[];
  readonly environment: Readonly<Record<string, string>>;
}

/** What the thread is told beforehand. */
export interface Preparation {
  readonly add?: Bundle;
  /** The number of a bundle that nobody calls any more. */
  readonly forget?: number;
}

let lastBundle = 0;

interface Kept {
  readonly thread: FunctionThread<IsolateModule>;
  readonly bundle: number;
}

const dropped = new FinalizationRegistry<Kept>(({ thread, bundle }) => {
  thread.prepare({ forget: bundle } satisfies Preparation);
});

/**
 * The modules of the default runtime, in two places: beside the database, in the deployment's own
 * thread, where a query or mutation costs no message; and in another thread, which can be ended when
 * a function computes without an end. Actions run there always, queries and mutations until they have
 * shown that they are quick.
 */
export class IsolateModules {
  readonly #isolate: Isolate;
  readonly #bundle: Bundle;
  readonly #threads: FunctionThreads;
  readonly #thread: FunctionThread<IsolateModule>;
  /** The start of the thread since when it has the bundle. */
  #given = 0;

  constructor(
    sources: ReadonlyMap<string, ModuleSource>,
    environment: Readonly<Record<string, string>>,
    threads: FunctionThreads,
  ) {
    const thread = threads.isolate;
    this.#isolate = new Isolate(sources, environment);
    this.#bundle = { number: ++lastBundle, sources: [...sources.values()], environment };
    this.#threads = threads;
    this.#thread = thread;
    dropped.register(this, { thread, bundle: this.#bundle.number });
  }

  /** What a module exports, in the deployment's own thread. Throws what it throws while it loads. */
  async load(path: string): Promise<Record<string, unknown>> {
    return this.#isolate.load(path);
  }

  /** Every function of a module. Throws what the module throws while it loads. */
  async functionsOf(path: string): Promise<RegisteredFunction[]> {
    const described = await untilDone(() => this.#thread.describe(this.#module(path)));
    return Object.entries(described).map(([name, description]) =>
      registeredFunction(
        { module: path, name },
        description,
        this.#invokerOf(path, name, description.kind),
      ),
    );
  }

  /** The answer of a module's router to a request, for the execution that the caller runs in. */
  async respond(path: string, route: HttpRoute, request: Request): Promise<Response> {
    const body = request.body === null ? null : new Uint8Array(await request.arrayBuffer());
    const { url, method } = request;
    const headers = [...request.headers];
    const asked = { module: this.#module(path), route, url, method, headers, body };
    return await this.#thread.respond(asked, request.signal);
  }

  #invokerOf(path: string, name: string, kind: FunctionKind): RegisteredFunction["invoke"] {
    let quickRuns = 0;
    let taken: unknown;
    const runAside = async (requestId: string, args: string) => {
      const call = { module: this.#module(path), name, kind, requestId, args };
      const { value, longestTurnMs } = await this.#thread.call(call);
      if (longestTurnMs <= QUICK_MS) quickRuns++;
      const isTaken = kind !== "action" && quickRuns >= QUICK_RUNS && !this.#threads.keepsAll;
      if (isTaken) taken = (await this.load(path))[name];
      return value;
    };
    return (requestId, args) =>
      taken === undefined ? runAside(requestId, args) : invokeExport(taken, kind, requestId, args);
  }

  /** The module, when the thread has its bundle. */
  #module(path: string): IsolateModule {
    const start = this.#thread.start();
    if (start !== this.#given) this.#thread.prepare({ add: this.#bundle } satisfies Preparation);
    this.#given = start;
    return { bundle: this.#bundle.number, path };
  }
}
