import type { Id } from "../../../convex/_generated/dataModel";
import {
  memo,
  type ReactNode,
  useCallback,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
} from "react";
import { COSTS } from "../../../convex/credits/rules";
import { afterPaint } from "../../lib/after-paint";
import { typesOnKeyboard } from "../../lib/pointer";
import { useKept } from "../../lib/use-kept";
import { useStable } from "../../lib/use-stable";
import { Answer } from "./thread/answer";
import type { ChatStore } from "./chat-store";
import type { ComposerState } from "./composer/composer";
import { DraftComposer } from "./composer/draft-composer";
import { type MessageDraft, NEW_CHAT } from "./composer/drafts";
import { EmptyChat } from "./empty-chat";
import { isRunning } from "./message";
import { Progress } from "./thread/progress";
import { Question } from "./thread/question";
import { QueueList } from "./composer/queue-list";
import { Refused } from "./refused";
import { Rehearsal } from "./rehearsal";
import { useWantedMessage, type WantedMessage } from "./search/use-wanted-message";
import { Thread } from "./thread/thread";
import { ThreadSkeleton } from "./thread/thread-skeleton";
import { lastAnswer, threadRows } from "./thread/thread-rows";
import { useChatCommands } from "./use-chat-commands";
import { useOutbox, useSend } from "./use-send";
import { useForgetListed, useRecover } from "./use-settle";
import { useContextChoice } from "./composer/use-context-choice";
import { useMessages } from "./use-messages";
import { useQueue } from "./composer/use-queue";
import { useSession } from "./use-session";
import { useStop } from "./use-stop";
import { useTurns } from "./thread/use-turns";

export interface ConversationProps {
  readonly store: ChatStore;
  /** Stays the same while a new chat gets its address. */
  readonly chatKey: string;
  /** `null` for a new chat. */
  readonly displayId: string | null;
  readonly onCreated: (displayId: string) => void;
  /** A message to lead to; the same object as long as it is the same visit. */
  readonly wanted: WantedMessage | null;
  /** The focus begins in the messages instead of the composer. */
  readonly isReading: boolean;
  /** The place of a new chat among the drafts; that of one without a project when absent. */
  readonly newPlace?: string;
  /** The project that the chat belongs to, or will once it begins. */
  readonly projectId?: Id<"projects"> | null;
  /** Below the composer. */
  readonly footer: ReactNode;
  /** In place of everything when the address leads nowhere. */
  readonly absent: ReactNode;
}

/** One chat: its messages, its growing answer, and the place to write. */
export const Conversation = memo(function Conversation(props: ConversationProps) {
  const { store, chatKey, displayId } = props;
  const { outgoing, refusal } = useOutbox(store, chatKey);
  const session = useSession(displayId, outgoing);
  const sessionId = session.kind === "found" ? session.id : null;
  const { newestFirst, isLoading, isWhole, loadOlder } = useMessages(sessionId);
  const send = useSend(store, props.onCreated, props.projectId);
  const turns = useTurns();
  const { stop, onShown, shownLength, frozenAt } = useStop();
  const field = useRef<HTMLTextAreaElement>(null);

  useForgetListed(store, chatKey, session, newestFirst, outgoing);
  const isLoaded = !isLoading && session.kind !== "loading";
  const focusField = useCallback(() => {
    if (typesOnKeyboard()) field.current?.focus();
  }, []);
  const focusFirst = useEffectEvent(() => {
    if (!props.isReading) focusField();
  });
  // What takes the focus has to be laid out: at once, it would be within the task that draws it.
  useEffect(() => afterPaint(() => focusFirst()), []);

  const rows = useKept(useMemo(() => threadRows(newestFirst, outgoing), [newestFirst, outgoing]));
  const answer = lastAnswer(rows);
  useChatCommands(field, rows, stop);
  // What is being stopped counts as stopped: the server does the one before what is asked of it next.
  const isStopping = answer !== null && isRunning(answer) && frozenAt(answer._id) !== null;
  const runningId = answer !== null && isRunning(answer) && !isStopping ? answer._id : null;
  const isAnswering = runningId !== null;
  const isIdle = outgoing === null && !isAnswering;
  const place = displayId ?? props.newPlace ?? NEW_CHAT;
  const target = { chatKey, place, displayId, sessionId };
  const wanted = useWantedMessage(props.wanted);
  const queue = useQueue(store, target, async () => {
    if (runningId !== null) await stop(runningId);
  });
  const loaded = isLoaded ? newestFirst : null;
  useRecover({ store, chatKey, place, newestFirst: loaded, queued: queue.keys });
  const context = useContextChoice(session, displayId);
  const isBusy = outgoing?.state === "sending" || session.kind === "loading";
  const state = useMemo((): ComposerState => {
    if (isBusy) return { kind: "sending" };
    if (runningId === null) return { kind: "ready" };
    return { kind: "answering", onStop: () => void stop(runningId) };
  }, [isBusy, runningId, stop]);
  const onSend = useStable((message: MessageDraft) => void send(target, message));
  const onQueue = useStable((message: MessageDraft) => void queue.actions.add(message));
  if (session.kind === "absent") return props.absent;

  const refused = refusal ?? turns.refusal ?? queue.refusal;
  return (
    <main className="flex h-full min-h-0 flex-col">
      {rows.length === 0 && session.kind === "new" ? (
        <>
          <EmptyChat
            cost={COSTS.chatMessage}
            onChoose={(text) => {
              store.drafts.type(place, text);
              field.current?.focus();
            }}
          />
          <Rehearsal drafts={store.drafts} actions={turns.actions} />
        </>
      ) : (
        <Thread
          rows={rows}
          renderRow={(row) =>
            row.kind === "question" ? (
              <Question
                row={row}
                drafts={store.drafts}
                actions={turns.actions}
                isIdle={isIdle}
                onEdited={focusField}
              />
            ) : (
              <Answer
                row={row}
                frozenAt={frozenAt(row.message?._id)}
                onShown={onShown}
                actions={turns.actions}
                isIdle={isIdle}
                isLast={row === rows.at(-1)}
                focusField={focusField}
              />
            )
          }
          placeholder={!isLoaded && <ThreadSkeleton />}
          sentKey={outgoing?.clientKey ?? null}
          openedKey={turns.openedId}
          wanted={wanted}
          left={store.places.get(chatKey) ?? null}
          onLeave={(reading) => {
            if (reading === null) store.places.delete(chatKey);
            else store.places.set(chatKey, reading);
          }}
          takesFocus={props.isReading}
          isWhole={isWhole}
          loadOlder={loadOlder}
        />
      )}
      <Progress answer={answer} shownLength={shownLength} />
      <div className="flex-none px-6 pb-2.5 max-wide:px-2.5 max-wide:pb-[max(10px,env(safe-area-inset-bottom))] print:hidden">
        <div className="mx-auto max-w-[744px]">
          {refused !== null && <Refused refusal={refused} />}
          <QueueList
            waiting={queue.waiting}
            focusField={focusField}
            actions={queue.actions}
            lastAnswer={
              isBusy ? "pending" : isStopping ? "stopped" : (answer?.status ?? "complete")
            }
          />
          <DraftComposer
            drafts={store.drafts}
            place={place}
            displayId={displayId}
            fieldRef={field}
            state={state}
            context={context}
            projectId={props.projectId ?? null}
            onSend={onSend}
            onQueue={sessionId === null ? undefined : onQueue}
          />
        </div>
        {props.footer}
      </div>
    </main>
  );
});
