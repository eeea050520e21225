import { randomToken } from "../../lib/random-token";

/**
 * One name for a chat as long as this page lives. A new chat has no address until the server made
 * it; by keeping its first name it keeps its place on the page: the same elements, scroll position
 * and focus, before and after.
 */
export class ChatKeys {
  readonly #keyOf = new Map<string, string>();
  #unborn = randomToken();

  /** The key of the chat at an address, or of the new one when `displayId` is null. */
  keyOf(displayId: string | null): string {
    if (displayId === null) return this.#unborn;
    return this.#keyOf.get(displayId) ?? displayId;
  }

  /** The new chat with this key has got its address; the next new chat is another one. */
  name(chatKey: string, displayId: string) {
    this.#keyOf.set(displayId, chatKey);
    this.leave(chatKey);
  }

  /** The person turned to another new chat while this one is still on its way. */
  leave(chatKey: string) {
    if (this.#unborn === chatKey) this.#unborn = randomToken();
  }
}
