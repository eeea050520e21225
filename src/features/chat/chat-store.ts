import { ChatKeys } from "./chat-keys";
import { Drafts } from "./composer/drafts";
import { Outbox } from "./outbox";
import type { ReadingPlace } from "./thread/reading-place";

/** What the page itself knows about one person's chats, besides what the server tells. */
export interface ChatStore {
  readonly drafts: Drafts;
  readonly outbox: Outbox;
  readonly keys: ChatKeys;
  /** Where each chat was left, by its key. One that was left at its end is not among them. */
  readonly places: Map<string, ReadingPlace>;
}

let current: { readonly viewerId: string; readonly store: ChatStore } | null = null;

/** The store of the person who is signed in. Another person on the same page gets an empty one. */
export function chatStoreOf(viewerId: string): ChatStore {
  if (current?.viewerId !== viewerId) {
    current = { viewerId, store: newChatStore(viewerId) };
  }
  return current.store;
}

export function newChatStore(viewerId: string): ChatStore {
  return {
    drafts: new Drafts(localStorage, viewerId),
    outbox: new Outbox(),
    keys: new ChatKeys(),
    places: new Map(),
  };
}
