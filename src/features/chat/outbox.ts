import type { Id } from "../../../convex/_generated/dataModel";
import type { Refusal } from "../../lib/error-sentence";
import type { MessageDraft } from "./composer/drafts";

/** A message from the moment it was sent until the list of messages shows it. */
export type OutgoingMessage = {
  /** The chat's key on this page; see `ChatKeys`. */
  readonly chatKey: string;
  readonly clientKey: string;
} & MessageDraft &
  (
    | { readonly state: "sending" }
    | {
        readonly state: "accepted";
        readonly sessionId: Id<"chatSessions">;
        readonly displayId: string;
        readonly answerId: Id<"chatMessages">;
      }
  );

/**
 * The outgoing message of each chat, and the sentence for one that was refused. It outlives the view
 * of the chat, because a person may look at another chat while the server still thinks.
 */
export class Outbox {
  #outgoing: ReadonlyMap<string, OutgoingMessage> = new Map();
  #refusals: ReadonlyMap<string, Refusal> = new Map();
  readonly #queueing = new Set<string>();
  readonly #listeners = new Set<() => void>();

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  outgoing(chatKey: string): OutgoingMessage | null {
    return this.#outgoing.get(chatKey) ?? null;
  }

  /** Whether this page itself still waits for the server's word on a send. */
  isSending(clientKey: string): boolean {
    return (
      this.#queueing.has(clientKey) ||
      [...this.#outgoing.values()].some(
        (message) => message.clientKey === clientKey && message.state === "sending",
      )
    );
  }

  /** A message is on its way into the queue, until `endQueueing`. */
  startQueueing(clientKey: string) {
    this.#queueing.add(clientKey);
  }

  endQueueing(clientKey: string) {
    this.#queueing.delete(clientKey);
  }

  /** Why the last send of this chat was refused. */
  refusal(chatKey: string): Refusal | null {
    return this.#refusals.get(chatKey) ?? null;
  }

  put(message: OutgoingMessage) {
    this.#outgoing = new Map(this.#outgoing).set(message.chatKey, message);
    this.dismissRefusal(message.chatKey);
  }

  /** The list of messages shows it now. */
  remove(chatKey: string) {
    this.#outgoing = without(this.#outgoing, chatKey);
    this.#tell();
  }

  refuse(chatKey: string, refusal: Refusal) {
    this.#refusals = new Map(this.#refusals).set(chatKey, refusal);
    this.remove(chatKey);
  }

  dismissRefusal(chatKey: string) {
    this.#refusals = without(this.#refusals, chatKey);
    this.#tell();
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}

function without<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}
