import type { ConvexReactClient } from "convex/react";
import { type FunctionReference, getFunctionName } from "convex/server";
import { PaintPace } from "./paint-pace";

type Client = Pick<ConvexReactClient, "watchQuery" | "mutation">;
interface Paced {
  readonly beside: readonly FunctionReference<"query">[];
  readonly byItself: readonly FunctionReference<"mutation">[];
}
type Watch = ReturnType<Client["watchQuery"]>;

/** What changes within this time, in milliseconds, is drawn together. Nobody sees it pass. */
const GATHER_MS = 50;
/** After a picture that took this page one unit of time, it rests for so many units. */
const REST = 30;
/** And never longer than this, in milliseconds. */
const REST_AT_MOST_MS = 6000;

/**
 * Has a client tell of changes of the queries `beside` as often as the page can afford: soon where
 * there is time, and now and then while the processors are busy, always of all together. For what
 * changes beside the point. A first answer is waited for, and told at once; so is what the person
 * changes themself, when it is sent and when it is done, but not what the page sends `byItself`.
 */
export function pacing({ watchQuery, mutation }: Client, { beside, byItself }: Paced): Client {
  const names = new Set(beside.map((query) => getFunctionName(query)));
  const quiet = new Set(byItself.map((name) => getFunctionName(name)));
  const pace = new TellingPace();
  return {
    watchQuery: (query, ...args) => {
      const watch = watchQuery(query, ...args);
      if (!names.has(getFunctionName(query))) return watch;
      return { ...watch, onUpdate: (tell) => pace.follow(watch, tell) };
    },
    mutation: (...call) => {
      const done = mutation(...call);
      if (quiet.has(getFunctionName(call[0]))) return done;
      pace.tell();
      const tell = () => pace.tell();
      void done.then(tell, tell);
      return done;
    },
  };
}

class TellingPace {
  readonly #due = new Set<() => void>();
  readonly #pace = new PaintPace(
    () => this.tell(),
    (takes) => Math.min(takes * REST, REST_AT_MOST_MS),
  );

  /** Tells at once of all that is due. */
  tell(): void {
    const due = [...this.#due];
    this.#due.clear();
    for (const tell of due) tell();
  }

  /** Calls `tell` after changes of what is watched. Returns what ends that. */
  follow(watch: Watch, tell: () => void): () => void {
    let isAwaited = !isAnswered(watch);
    const stop = watch.onUpdate(() => {
      if (isAwaited) {
        isAwaited = false;
        tell();
      } else {
        if (this.#due.size === 0) setTimeout(() => this.#pace.request(), GATHER_MS);
        this.#due.add(tell);
      }
    });
    return () => {
      this.#due.delete(tell);
      stop();
    };
  }
}

function isAnswered(watch: Watch): boolean {
  try {
    return watch.localQueryResult() !== undefined;
  } catch {
    return true;
  }
}
