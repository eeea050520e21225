import { useAction, useMutation } from "convex/react";
import { useSyncExternalStore } from "react";
import { api } from "../../../convex/_generated/api";
import type { Id } from "../../../convex/_generated/dataModel";
import { refusalOf } from "../../lib/error-sentence";
import { randomToken } from "../../lib/random-token";
import type { ChatStore } from "./chat-store";
import type { MessageDraft } from "./composer/drafts";

export interface Target {
  readonly chatKey: string;
  /** The chat's name among the drafts. */
  readonly place: string;
  /** `null` for a chat that is to be made. */
  readonly displayId: string | null;
  readonly sessionId: Id<"chatSessions"> | null;
}

/**
 * Sending: the question stands in the thread in the same frame, its text is kept in this browser
 * until the server has settled it, and a refusal puts it back into the composer with the reason.
 *
 * @param onCreated the new chat that is shown has got its address.
 * @param projectId the project that a new chat belongs to.
 */
export function useSend(
  store: ChatStore,
  onCreated: (displayId: string) => void,
  projectId: Id<"projects"> | null = null,
) {
  const sendChatMessage = useMutation(api.chat.messages.sendChatMessage);
  const generateReply = useAction(api.chat.generation.generateReply);

  return async ({ chatKey, place, displayId, sessionId }: Target, message: MessageDraft) => {
    const { text, attachments, includesContext, model } = message;
    const { drafts, outbox, keys } = store;
    const fromComposer = drafts.holds(place, text);
    const earlierKey = fromComposer ? drafts.get(place).clientKey : null;
    const send = { ...message, clientKey: earlierKey ?? randomToken() };
    drafts.startSend(place, send);
    outbox.put({ chatKey, ...send, state: "sending" });
    try {
      const accepted = await sendChatMessage({
        sessionId: sessionId ?? undefined,
        content: text,
        clientKey: send.clientKey,
        attachments: [...attachments],
        ...(displayId === null
          ? {
              includesContext: includesContext ?? undefined,
              model: model ?? undefined,
              projectId: projectId ?? undefined,
            }
          : {}),
      });
      // Not awaited: the answer comes by live query, and if this call is lost the server starts the
      // same work by itself.
      generateReply({ messageId: accepted.answerId }).catch(() => undefined);
      drafts.settle(place, send.clientKey);
      outbox.put({
        chatKey,
        ...send,
        state: "accepted",
        sessionId: accepted.sessionId,
        displayId: accepted.displayId,
        answerId: accepted.answerId,
      });
      if (displayId !== null) return;
      const isShown = keys.keyOf(null, place) === chatKey;
      if (fromComposer && isShown) drafts.move(place, accepted.displayId);
      else if (fromComposer) drafts.forgetChoices(place);
      keys.name(chatKey, accepted.displayId);
      if (isShown) onCreated(accepted.displayId);
    } catch (error) {
      drafts.putBack(place, send);
      outbox.refuse(chatKey, refusalOf(error));
    }
  };
}

/** The chat's outgoing message and its last refusal, live. */
export function useOutbox({ outbox }: ChatStore, chatKey: string) {
  const outgoing = useSyncExternalStore(outbox.subscribe, () => outbox.outgoing(chatKey));
  const refusal = useSyncExternalStore(outbox.subscribe, () => outbox.refusal(chatKey));
  return { outgoing, refusal };
}
