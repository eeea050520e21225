import type { ConvexReactClient } from "convex/react";
import { api } from "../../../../convex/_generated/api";
import type { Id } from "../../../../convex/_generated/dataModel";
import { PaintPace } from "../../../lib/paint-pace";
import { follow, pagesToWatch, STREAM_START } from "./stream-text";

/**
 * Follows the text of an answer while it is written, from live queries alone. Each page of the
 * answer is a query of its own, so a new word sends one small page again and never the whole text;
 * a page that is full is no longer asked for. What arrives is taken in at once and shown at the
 * page's own pace.
 */
export class StreamFollower {
  readonly #client: ConvexReactClient;
  readonly #messageId: Id<"chatMessages">;
  readonly #listeners = new Set<() => void>();
  readonly #watched = new Map<number, { read: () => unknown; stop: () => void }>();
  #progress = STREAM_START;
  #shown = "";
  #readOpened: () => { readonly pages: number } | undefined = () => undefined;

  constructor(client: ConvexReactClient, messageId: Id<"chatMessages">) {
    this.#client = client;
    this.#messageId = messageId;
  }

  /** What is to be on the page. */
  shown = (): string => this.#shown;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Begins to follow. Returns what ends it. */
  start = (): (() => void) => {
    const pace = new PaintPace(() => {
      this.#shown = this.#progress.shown;
      for (const listener of this.#listeners) listener();
    });
    const takeIn = () => {
      this.#takeIn(takeIn);
      if (this.#progress.shown !== this.#shown) pace.request();
    };
    const state = this.#client.watchQuery(api.chat.streams.streamState, {
      messageId: this.#messageId,
    });
    this.#readOpened = () => attempt(() => state.localQueryResult());
    const stopState = state.onUpdate(takeIn);
    takeIn();
    return () => {
      pace.end();
      stopState();
      for (const { stop } of this.#watched.values()) stop();
      this.#watched.clear();
    };
  };

  #takeIn(onUpdate: () => void): void {
    // A page that settles or opens changes what is to be watched, which may already be here.
    for (;;) {
      const opened = this.#readOpened()?.pages;
      this.#watch(pagesToWatch(this.#progress.settledPages, opened), onUpdate);
      const followed = follow(this.#progress, opened, (page) =>
        pageText(this.#watched.get(page)?.read()),
      );
      const isSettled = followed.settledPages === this.#progress.settledPages;
      this.#progress = followed;
      if (isSettled) return;
    }
  }

  #watch(pages: readonly number[], onUpdate: () => void): void {
    for (const [page, { stop }] of this.#watched) {
      if (pages.includes(page)) continue;
      stop();
      this.#watched.delete(page);
    }
    for (const page of pages) {
      if (this.#watched.has(page)) continue;
      const args = { messageId: this.#messageId, page };
      const watch = this.#client.watchQuery(api.chat.streams.streamPage, args);
      this.#watched.set(page, {
        read: () => attempt(() => watch.localQueryResult()),
        stop: watch.onUpdate(onUpdate),
      });
    }
  }
}

/** A query that failed counts as not answered: the message's own status tells of failures. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function pageText(result: unknown): string | null | undefined {
  return typeof result === "string" || result === null ? result : undefined;
}
