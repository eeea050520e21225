import { useEffect } from "react";
import { trimmed } from "../../../convex/lib/characters";
import type { ChatStore } from "./chat-store";
import type { Message } from "./message";
import type { OutgoingMessage } from "./outbox";
import type { OpenSession } from "./use-session";
import { isListed } from "./thread/thread-rows";

const TOO_LATE = {
  sentence:
    "The queued message that you were changing does not wait any more. What you had typed is in the composer.",
  code: null,
};

const UNCERTAIN = {
  sentence:
    "The page was closed before this message was confirmed. Send it again: if it did arrive, it counts only once.",
  code: null,
};

/** Forgets the outgoing message once the server shows it and the session that it opened. */
export function useForgetListed(
  { outbox }: ChatStore,
  chatKey: string,
  session: OpenSession,
  newestFirst: readonly Message[],
  outgoing: OutgoingMessage | null,
) {
  const listed =
    outgoing?.state === "accepted" &&
    session.kind === "found" &&
    session.isConfirmed &&
    isListed(newestFirst, outgoing.clientKey);
  useEffect(() => {
    if (listed) outbox.remove(chatKey);
  }, [outbox, chatKey, listed]);
}

/** Where what this browser kept of a chat is compared with what the server has of it. */
interface Recovery {
  readonly store: ChatStore;
  readonly chatKey: string;
  /** The chat's name among the drafts. */
  readonly place: string;
  /** The chat's newest messages, `null` while they are loading. */
  readonly newestFirst: readonly Message[] | null;
  /** The keys of the messages that wait, `null` while they are loading. */
  readonly queued: readonly string[] | null;
}

/** Brings back what the page that was closed, or the queue that went on, left behind in this browser. */
export function useRecover({ store, chatKey, place, newestFirst, queued }: Recovery) {
  useEffect(() => {
    if (newestFirst === null || queued === null) return;
    recoverSends(store, chatKey, place, newestFirst, queued);
    recoverEdits(store, chatKey, place, newestFirst, queued);
  }, [store, chatKey, place, newestFirst, queued]);
}

/**
 * What was on its way, unless the chat's messages show that it arrived. It goes into the composer
 * under its old key, so that sending it again is the same send.
 */
function recoverSends(
  { drafts, outbox }: ChatStore,
  chatKey: string,
  place: string,
  newestFirst: readonly Message[],
  queued: readonly string[],
) {
  for (const send of drafts.unsettled(place)) {
    if (outbox.isSending(send.clientKey)) continue;
    if (isListed(newestFirst, send.clientKey) || queued.includes(send.clientKey)) {
      drafts.settle(place, send.clientKey);
    } else {
      drafts.putBack(place, send);
      outbox.refuse(chatKey, UNCERTAIN);
    }
  }
}

/**
 * What was typed in the editor of a queued message that waits no more: it was sent as it was while
 * the page was away, or on another device. It goes into the composer.
 */
function recoverEdits(
  { drafts, outbox }: ChatStore,
  chatKey: string,
  place: string,
  newestFirst: readonly Message[],
  queued: readonly string[],
) {
  for (const clientKey of drafts.edited(place)) {
    if (queued.includes(clientKey) || outbox.isSending(clientKey)) continue;
    const typed = trimmed(drafts.edit(place, clientKey) ?? "");
    // Saved in the moment in which the page went.
    const isSent = newestFirst.some(
      (message) => message.clientKey === clientKey && message.content === typed,
    );
    if (isSent || typed === "") {
      drafts.keepEdit(place, clientKey, null);
    } else {
      drafts.releaseEdit(place, clientKey);
      outbox.refuse(chatKey, TOO_LATE);
    }
  }
}
