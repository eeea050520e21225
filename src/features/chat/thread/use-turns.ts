import { useAction, useMutation } from "convex/react";
import { useMemo, useRef, useState } from "react";
import { api } from "../../../../convex/_generated/api";
import type { Id } from "../../../../convex/_generated/dataModel";
import { type Refusal, refusalOf } from "../../../lib/error-sentence";
import { randomToken } from "../../../lib/random-token";
import type { Message } from "../message";

type MessageId = Id<"chatMessages">;

/** What a person can do with a message that is there. The same object as long as the chat is open. */
export interface TurnActions {
  /** Asks for another answer in place of this one. */
  readonly regenerate: (messageId: MessageId) => void;
  /** Has the model go on with an answer that broke off. */
  readonly goOn: (messageId: MessageId) => void;
  /** Sends a question in other words. Resolves to whether it was accepted. */
  readonly edit: (messageId: MessageId, text: string) => Promise<boolean>;
  readonly showVersion: (messageId: MessageId, version: number) => void;
  readonly rate: (messageId: MessageId, feedback: Message["feedback"]) => void;
}

/**
 * The actions on messages, the sentence of the last one that was refused, and the answer that was
 * opened last. While one is on its way the others wait: two presses are one.
 */
export function useTurns() {
  const regenerateMessage = useMutation(api.chat.versions.regenerateMessage);
  const continueMessage = useMutation(api.chat.versions.continueMessage);
  const editMessage = useMutation(api.chat.versions.editMessage);
  const showVersion = useMutation(api.chat.versions.showVersion);
  const rateMessage = useMutation(api.chat.versions.rateMessage);
  const generateReply = useAction(api.chat.generation.generateReply);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [openedId, setOpenedId] = useState<MessageId | null>(null);
  const isBusy = useRef(false);

  const actions = useMemo((): TurnActions => {
    async function once(work: () => Promise<unknown>): Promise<boolean> {
      if (isBusy.current) return false;
      isBusy.current = true;
      setRefusal(null);
      try {
        await work();
        return true;
      } catch (error) {
        setRefusal(refusalOf(error));
        return false;
      } finally {
        isBusy.current = false;
      }
    }
    async function opened(turn: Promise<{ readonly answerId: MessageId }>) {
      const { answerId: messageId } = await turn;
      setOpenedId(messageId);
      // Not awaited: see `useSend`.
      generateReply({ messageId }).catch(() => undefined);
    }
    return {
      regenerate: (messageId) =>
        void once(() => opened(regenerateMessage({ messageId, clientKey: randomToken() }))),
      goOn: (messageId) =>
        void once(() => opened(continueMessage({ messageId, clientKey: randomToken() }))),
      edit: (messageId, content) =>
        once(() => opened(editMessage({ messageId, content, clientKey: randomToken() }))),
      showVersion: (messageId, version) => void once(() => showVersion({ messageId, version })),
      rate: (messageId, feedback) => void once(() => rateMessage({ messageId, feedback })),
    };
  }, [regenerateMessage, continueMessage, editMessage, showVersion, rateMessage, generateReply]);

  return { actions, refusal, openedId };
}
