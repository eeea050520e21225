import { ArrowUp, FileText, Pencil, Trash2 } from "@/components/icons";
import {
  type KeyboardEvent,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { HOLD_LEASE_MS, MESSAGE_MAX_CHARACTERS } from "../../../../convex/chat/limits";
import { trimmed } from "../../../../convex/lib/characters";
import { Button } from "../../../components/button";
import { useKeptFocus } from "../../../lib/use-kept-focus";
import type { Message } from "../message";
import { isComposing } from "./is-composing";
import { isKept, type QueueActions, type Queued } from "./use-queue";

const WAITS_FOR: Record<Message["status"], string> = {
  pending: "Next, when the answer is complete",
  streaming: "Next, when the answer is complete",
  complete: "Next, in a moment",
  stopped: "Waiting for you: the last answer was stopped",
  failed: "Waiting for you: the last answer failed",
};

/** The messages that wait, above the composer, in the order in which they will be sent. */
export function QueueList({
  waiting,
  actions,
  lastAnswer,
  focusField,
}: {
  readonly waiting: readonly Queued[];
  readonly actions: QueueActions;
  /** The newest answer's status. Only after a complete one is the first sent by itself. */
  readonly lastAnswer: Message["status"];
  /** Takes the focus of a message that goes away. */
  readonly focusField: () => void;
}) {
  const keepFocus = useKeptFocus(focusField);
  const [first] = waiting;
  if (first === undefined) return null;
  return (
    <section
      aria-label="Queued messages"
      className="mb-2 rounded-[14px] border border-line bg-panel px-2 py-1.5"
      {...keepFocus}
    >
      <p className="px-2 py-0.5 text-[12.5px] text-ink-2">{whatItWaitsFor(first, lastAnswer)}</p>
      <ul>
        {waiting.map((queued) => (
          <QueuedMessage key={queued.clientKey} queued={queued} actions={actions} />
        ))}
      </ul>
    </section>
  );
}

function whatItWaitsFor(first: Queued, lastAnswer: Message["status"]): string {
  if (first.refusal !== null) return "Waiting for you: the first message was refused";
  if (first.isHeld) return "Waiting for you: the first message is held while it is edited";
  return WAITS_FOR[lastAnswer];
}

function QueuedMessage({
  queued,
  actions,
}: {
  readonly queued: Queued;
  readonly actions: QueueActions;
}) {
  // Another tab that edits it types the same text.
  const typed = useSyncExternalStore(actions.onTyped, () => actions.typed(queued));
  const [isEdited, setIsEdited] = useState(typed !== null);
  const place = useRef<HTMLLIElement>(null);
  function close() {
    setIsEdited(false);
    actions.keepTyped(queued, null);
    // After the editor has given way to the message again.
    requestAnimationFrame(() =>
      place.current?.querySelector<HTMLElement>('[data-action="edit"]')?.focus(),
    );
  }
  if (isEdited) {
    const text = typed ?? queued.content;
    return (
      <li ref={place} className="px-2 py-1">
        <QueuedEditor
          text={text}
          isKept={isKept(queued)}
          onType={(text) => actions.keepTyped(queued, text)}
          onHold={() => void actions.hold(queued)}
          onLetGo={() => void actions.letGo(queued)}
          onSave={async () => await actions.edit(queued, text)}
          onClose={close}
        />
      </li>
    );
  }
  return (
    <li ref={place} className="flex items-center gap-0.5 pl-2 pointer-coarse:gap-3">
      <div className="min-w-0 flex-1 py-1">
        <p className="truncate text-sm">{queued.content}</p>
        {queued.attachments.length > 0 && (
          <p className="flex items-center gap-1.5 truncate text-[12.5px] text-ink-2">
            <FileText size={13} strokeWidth={1.75} aria-hidden="true" />
            {queued.attachments.map(({ name }) => name).join(", ")}
          </p>
        )}
        {queued.refusal !== null && <p className="text-[12.5px] text-bad">{queued.refusal}</p>}
      </div>
      <Button
        kind="bare"
        size="icon-small"
        aria-label="Send now"
        title="Send now"
        className="disabled:opacity-100!"
        disabled={!isKept(queued)}
        onClick={() => void actions.sendNow(queued)}
      >
        <ArrowUp size={15} strokeWidth={1.75} aria-hidden="true" />
      </Button>
      <Button
        kind="bare"
        size="icon-small"
        aria-label="Edit queued message"
        title="Edit"
        data-action="edit"
        onClick={() => setIsEdited(true)}
      >
        <Pencil size={15} strokeWidth={1.75} aria-hidden="true" />
      </Button>
      <Button
        kind="bare"
        size="icon-small"
        aria-label="Delete queued message"
        title="Delete"
        className="disabled:opacity-100!"
        disabled={!isKept(queued)}
        onClick={() => void actions.remove(queued)}
      >
        <Trash2 size={15} strokeWidth={1.75} aria-hidden="true" />
      </Button>
    </li>
  );
}

/** A page in the background gets around to it once a minute. */
const HOLD_RENEWED_AFTER_MS = HOLD_LEASE_MS / 3;

/** The message is held as long as this stands on the page, and no longer. */
function QueuedEditor({
  text,
  isKept,
  onType,
  onHold,
  onLetGo,
  onSave,
  onClose,
}: {
  readonly text: string;
  /** Before the server has the message, there is nothing to hold. */
  readonly isKept: boolean;
  readonly onType: (text: string) => void;
  readonly onHold: () => void;
  /** Lets the message go on as it was. */
  readonly onLetGo: () => void;
  /** Lets the message go on with the new text. Resolves to whether that was accepted. */
  readonly onSave: () => Promise<boolean>;
  readonly onClose: () => void;
}) {
  const isSaved = useRef(false);
  const hold = useEffectEvent(onHold);
  const letGo = useEffectEvent(() => {
    if (!isSaved.current) onLetGo();
  });
  useEffect(() => {
    if (!isKept) return;
    hold();
    const renewal = setInterval(() => hold(), HOLD_RENEWED_AFTER_MS);
    // A page that is left or reloaded takes nothing down; one that comes back shows the editor again.
    const onPageHide = () => letGo();
    const onPageShow = () => hold();
    window.addEventListener("pagehide", onPageHide);
    window.addEventListener("pageshow", onPageShow);
    return () => {
      clearInterval(renewal);
      window.removeEventListener("pagehide", onPageHide);
      window.removeEventListener("pageshow", onPageShow);
      letGo();
    };
  }, [isKept]);

  const content = trimmed(text);
  const maySave = isKept && content !== "" && content.length <= MESSAGE_MAX_CHARACTERS;

  async function save() {
    // From the start: whoever leaves meanwhile must not put the old text back.
    isSaved.current = true;
    isSaved.current = await onSave();
    if (isSaved.current) onClose();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape") {
      event.stopPropagation();
      onClose();
    }
    if (event.key === "Enter" && !event.shiftKey && !isComposing(event)) {
      event.preventDefault();
      if (maySave) void save();
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (maySave) void save();
      }}
    >
      <textarea
        // The person has just asked for it.
        ref={(field) => field?.focus()}
        dir="auto"
        aria-label="Queued text"
        value={text}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={onKeyDown}
        className="block field-sizing-content max-h-40 w-full resize-none rounded-lg border border-line bg-raised px-2.5 py-1.5 text-base leading-normal outline-none focus:border-accent-text"
      />
      <div className="flex justify-end gap-2 pt-1.5">
        <Button size="small" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" kind="primary" size="small" disabled={!maySave}>
          Save
        </Button>
      </div>
    </form>
  );
}
