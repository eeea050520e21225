import { ChatKeys } from "./chat-keys";
import { Drafts } from "./composer/drafts";
import { Outbox } from "./outbox";

/** What the page itself knows about one person's chats, besides what the server tells. */
export interface ChatStore {
  readonly drafts: Drafts;
  readonly outbox: Outbox;
  readonly keys: ChatKeys;
}

let current: { readonly viewerId: string; readonly store: ChatStore } | null = null;

/** The store of the person who is signed in. Another person on the same page gets an empty one. */
export function chatStoreOf(viewerId: string): ChatStore {
  if (current?.viewerId !== viewerId) {
    const store = {
      drafts: new Drafts(localStorage, viewerId),
      outbox: new Outbox(),
      keys: new ChatKeys(),
    };
    current = { viewerId, store };
  }
  return current.store;
}
