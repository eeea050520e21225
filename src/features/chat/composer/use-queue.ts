import { useAction, useMutation, useQuery } from "convex/react";
import type { FunctionReturnType } from "convex/server";
import { useMemo, useState } from "react";
import { api } from "../../../../convex/_generated/api";
import type { Id } from "../../../../convex/_generated/dataModel";
import { type Refusal, refusalOf } from "../../../lib/error-sentence";
import { randomToken } from "../../../lib/random-token";
import type { ChatStore } from "../chat-store";
import type { MessageDraft } from "./drafts";
import type { Target } from "../use-send";

export type Queued = FunctionReturnType<typeof api.chat.queue.listQueue>[number];

/** Whether the server has it: before, it is known here by its key alone. */
export const isKept = ({ _id, clientKey }: Queued) => _id !== (clientKey as Queued["_id"]);

/** What a person can do with the messages that wait. */
export interface QueueActions {
  /** Puts the composer's message behind those that wait. */
  readonly add: (message: MessageDraft) => Promise<void>;
  /** Keeps a message from being sent while it is edited, for `HOLD_LEASE_MS` from now. */
  readonly hold: (queued: Queued) => Promise<void>;
  /** Lets it go on as it was. */
  readonly letGo: (queued: Queued) => Promise<void>;
  /** Resolves to whether the new text was accepted. */
  readonly edit: (queued: Queued, text: string) => Promise<boolean>;
  readonly remove: (queued: Queued) => Promise<void>;
  readonly sendNow: (queued: Queued) => Promise<void>;
  /** What has been typed in a message's editor and is neither saved nor given up, else `null`. */
  readonly typed: (queued: Queued) => string | null;
  readonly keepTyped: (queued: Queued, text: string | null) => void;
  /** Calls back when that may have changed, until what it gives is called. */
  readonly onTyped: (listener: () => void) => () => void;
}

/**
 * The messages that wait in a chat. The server keeps and sends them, so they go out with no page
 * open, and are the same on every device. What is on its way there is kept in this browser like
 * any other send.
 *
 * @param stopRunning ends a running answer, if there is one
 */
export function useQueue(
  { drafts, outbox }: ChatStore,
  { chatKey, place, displayId, sessionId }: Target,
  stopRunning: () => Promise<void>,
) {
  const args = sessionId === null ? "skip" : { sessionId };
  const waiting = useQuery(api.chat.queue.listQueue, args);
  const queueMessage = useMutation(api.chat.queue.queueMessage).withOptimisticUpdate(showQueued);
  const holdQueued = useMutation(api.chat.queue.holdQueued);
  const editQueued = useMutation(api.chat.queue.editQueued);
  const deleteQueued = useMutation(api.chat.queue.deleteQueued);
  const sendQueued = useMutation(api.chat.queue.sendQueued);
  const generateReply = useAction(api.chat.generation.generateReply);
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    setRefusal(null);
    try {
      await work();
      return true;
    } catch (error) {
      setRefusal(refusalOf(error));
      return false;
    }
  }

  async function add(message: MessageDraft) {
    if (sessionId === null || displayId === null) return;
    const { text: content } = message;
    const clientKey = drafts.get(displayId).clientKey ?? randomToken();
    const send = { ...message, clientKey };
    drafts.startSend(displayId, send);
    outbox.startQueueing(clientKey);
    outbox.dismissRefusal(chatKey);
    try {
      const attachments = [...message.attachments];
      await queueMessage({ sessionId, content, clientKey, attachments });
      drafts.settle(displayId, clientKey);
    } catch (error) {
      drafts.putBack(displayId, send);
      outbox.refuse(chatKey, refusalOf(error));
    } finally {
      outbox.endQueueing(clientKey);
    }
  }

  const actions: QueueActions = {
    add,
    hold: async ({ _id: queuedId }) => void (await attempt(() => holdQueued({ queuedId }))),
    letGo: async ({ _id: queuedId, content }) =>
      void (await attempt(() => editQueued({ queuedId, content }))),
    edit: async ({ _id: queuedId, clientKey }, content) => {
      // With its new text it may be sent and gone before the word of that is here.
      outbox.startQueueing(clientKey);
      const isAccepted = await attempt(() => editQueued({ queuedId, content }));
      outbox.endQueueing(clientKey);
      return isAccepted;
    },
    remove: async ({ _id: queuedId }) => void (await attempt(() => deleteQueued({ queuedId }))),
    sendNow: async ({ _id: queuedId }) =>
      void (await attempt(async () => {
        await stopRunning();
        const { answerId } = await sendQueued({ queuedId });
        // Not awaited: see `useSend`.
        generateReply({ messageId: answerId }).catch(() => undefined);
      })),
    typed: ({ clientKey }) => drafts.edit(place, clientKey),
    keepTyped: ({ clientKey }, text) => drafts.keepEdit(place, clientKey, text),
    onTyped: drafts.subscribe,
  };
  const keys = useMemo(
    () => (sessionId === null ? [] : (waiting?.map(({ clientKey }) => clientKey) ?? null)),
    [sessionId, waiting],
  );
  return { waiting: waiting ?? [], keys, refusal, actions };
}

type ShowQueued = Parameters<
  ReturnType<typeof useMutation<typeof api.chat.queue.queueMessage>>["withOptimisticUpdate"]
>[0];

/** The message stands in the queue in the same frame. */
const showQueued: ShowQueued = (store, { sessionId, content, clientKey, attachments = [] }) => {
  const waiting = store.getQuery(api.chat.queue.listQueue, { sessionId });
  if (waiting === undefined || waiting.some((queued) => queued.clientKey === clientKey)) return;
  const queued = {
    _id: clientKey as Id<"chatQueue">,
    content,
    clientKey,
    isHeld: false,
    refusal: null,
    attachments: attachments.map(({ name, text }) => ({ name, characters: text.length })),
  };
  store.setQuery(api.chat.queue.listQueue, { sessionId }, [...waiting, queued]);
};
