import { randomToken } from "../../lib/random-token";
import { NEW_CHAT } from "./composer/drafts";

/**
 * One name for a chat as long as this page lives. A new chat has no address until the server made
 * it; by keeping its first name it keeps its place on the page: the same elements, scroll position
 * and focus, before and after.
 */
export class ChatKeys {
  readonly #keyOf = new Map<string, string>();
  /** Of the new chats, by their places among the drafts. */
  readonly #unborn = new Map<string, string>();

  /** The key of the chat at an address, or of the new one at its place when `displayId` is null. */
  keyOf(displayId: string | null, newPlace = NEW_CHAT): string {
    if (displayId !== null) return this.#keyOf.get(displayId) ?? displayId;
    const key = this.#unborn.get(newPlace) ?? randomToken();
    this.#unborn.set(newPlace, key);
    return key;
  }

  /** The new chat with this key has got its address; the next new chat is another one. */
  name(chatKey: string, displayId: string) {
    this.#keyOf.set(displayId, chatKey);
    this.leave(chatKey);
  }

  /** The person turned to another new chat while this one is still on its way. */
  leave(chatKey: string) {
    for (const [place, key] of this.#unborn) if (key === chatKey) this.#unborn.delete(place);
  }
}
