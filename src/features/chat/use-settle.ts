import { useEffect } from "react";
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

/**
 * Brings back what was on its way when the page was closed, unless the chat's messages show that it
 * arrived. It goes into the composer under its old key, so that sending it again is the same send.
 *
 * @param place the chat's name among the drafts.
 * @param newestFirst the chat's newest messages, `null` while they are loading.
 * @param queued the keys of the messages that wait, `null` while they are loading.
 */
export function useRecoverUnsettled(
  { drafts, outbox }: ChatStore,
  chatKey: string,
  place: string,
  newestFirst: readonly Message[] | null,
  queued: readonly string[] | null,
) {
  useEffect(() => {
    if (newestFirst === null || queued === null) return;
    for (const send of drafts.unsettled(place)) {
      if (outbox.isSending(send.clientKey)) continue;
      if (isListed(newestFirst, send.clientKey) || queued.includes(send.clientKey)) {
        drafts.settle(place, send.clientKey);
      } else {
        drafts.putBack(place, send);
        outbox.refuse(chatKey, UNCERTAIN);
      }
    }
  }, [drafts, outbox, chatKey, place, newestFirst, queued]);
}

/**
 * Brings what was typed in the editor of a queued message into the composer when the message waits
 * no more: it was sent as it was while the page was away, or on another device.
 */
export function useRecoverEdits(
  { drafts, outbox }: ChatStore,
  chatKey: string,
  place: string,
  newestFirst: readonly Message[] | null,
  queued: readonly string[] | null,
) {
  useEffect(() => {
    if (newestFirst === null || queued === null) return;
    for (const clientKey of drafts.edited(place)) {
      if (queued.includes(clientKey) || outbox.isSending(clientKey)) continue;
      const typed = drafts.edit(place, clientKey)?.trim() ?? "";
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
  }, [drafts, outbox, chatKey, place, newestFirst, queued]);
}
