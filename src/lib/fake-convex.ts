import type { ConvexReactClient } from "convex/react";
import { type FunctionReference, getFunctionName } from "convex/server";

type Args = Record<string, unknown>;
type Query = (args: Args) => unknown;
type Call = (args: Args) => unknown;

/**
 * A stand-in for the Convex client in tests: queries answer from plain functions and are read again
 * when `update` is called; mutations and actions are plain functions too.
 */
export class FakeConvex {
  readonly #queries: Record<string, Query> = {};
  /** What each query said last: a query that is read twice must give the same object. */
  readonly #results = new Map<string, unknown>();
  readonly mutations: Record<string, Call> = {};
  readonly actions: Record<string, Call> = {};
  readonly #watchers = new Set<() => void>();

  readonly address = "http://fake.invalid";
  readonly url = this.address;
  readonly options = {};

  /** Sets what a query answers, which watchers learn at the next `update`. */
  answer(name: string, query: Query) {
    this.#queries[name] = query;
    this.#results.clear();
  }

  /** Tells every watcher that something changed. */
  update() {
    for (const watcher of this.#watchers) watcher();
  }

  watchQuery(query: FunctionReference<"query">, args: Args) {
    return {
      onUpdate: (watcher: () => void) => {
        this.#watchers.add(watcher);
        return () => this.#watchers.delete(watcher);
      },
      localQueryResult: () => this.#read(getFunctionName(query), args),
      journal: () => undefined,
    };
  }

  query = async (query: FunctionReference<"query">, args: Args) =>
    this.#read(getFunctionName(query), args);

  mutation = async (mutation: FunctionReference<"mutation">, args: Args) =>
    await this.#call(this.mutations, getFunctionName(mutation), args);

  action = async (action: FunctionReference<"action"> | string, args: Args) =>
    await this.#call(
      this.actions,
      typeof action === "string" ? action : getFunctionName(action),
      args,
    );

  setAuth(_fetchToken: unknown, onChange: (isAuthenticated: boolean) => void) {
    onChange(true);
  }

  clearAuth() {}

  connectionState = () => ({ isWebSocketConnected: true });
  subscribeToConnectionState = () => () => {};

  /** The same object under the type that the hooks ask for. */
  get client(): ConvexReactClient {
    return this as unknown as ConvexReactClient;
  }

  #read(name: string, args: Args): unknown {
    const key = name + JSON.stringify(args);
    if (!this.#results.has(key)) this.#results.set(key, this.#queries[name]?.(args));
    return this.#results.get(key);
  }

  #call(functions: Record<string, Call>, name: string, args: Args) {
    const call = functions[name];
    if (call === undefined) throw new Error(`The fake has no function ${name}`);
    return call(args);
  }
}

/** What a paginated query answers when everything fits on one page. */
export function onePage<T>(page: readonly T[]) {
  return { page: [...page], isDone: true, continueCursor: "" };
}
