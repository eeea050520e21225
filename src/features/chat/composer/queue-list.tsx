import { ArrowUp, FileText, Pencil, Trash2 } from "@/components/icons";
import { type KeyboardEvent, useState } from "react";
import { MESSAGE_MAX_CHARACTERS } from "../../../../convex/chat/limits";
import { Button } from "../../../components/button";
import { isComposing } from "./is-composing";
import type { QueueActions, Queued } from "./use-queue";

/** The messages that wait, above the composer, in the order in which they will be sent. */
export function QueueList({
  waiting,
  actions,
  isAnswering,
}: {
  readonly waiting: readonly Queued[];
  readonly actions: QueueActions;
  /** An answer is being written, after which the first is sent by itself. */
  readonly isAnswering: boolean;
}) {
  if (waiting.length === 0) return null;
  const isHeld = waiting[0]?.isHeld === true;
  return (
    <section
      aria-label="Queued messages"
      className="mb-2 rounded-[14px] border border-line bg-panel px-2 py-1.5"
    >
      <p className="px-2 py-0.5 text-[12.5px] text-ink-2">
        {isAnswering && !isHeld
          ? "Next, when the answer is complete"
          : "Waiting for you: the last answer did not finish, or a message is held"}
      </p>
      <ul>
        {waiting.map((queued) => (
          <QueuedMessage key={queued.clientKey} queued={queued} actions={actions} />
        ))}
      </ul>
    </section>
  );
}

function QueuedMessage({
  queued,
  actions,
}: {
  readonly queued: Queued;
  readonly actions: QueueActions;
}) {
  const [edited, setEdited] = useState<string | null>(null);
  if (edited !== null) {
    return (
      <li className="px-2 py-1">
        <QueuedEditor
          text={edited}
          onType={setEdited}
          onSave={async () => {
            if (await actions.edit(queued, edited)) setEdited(null);
          }}
          onCancel={() => {
            setEdited(null);
            void actions.edit(queued, queued.content);
          }}
        />
      </li>
    );
  }
  return (
    <li className="flex items-center gap-0.5 pl-2 pointer-coarse:gap-3">
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
        onClick={() => void actions.sendNow(queued)}
      >
        <ArrowUp size={15} strokeWidth={1.75} aria-hidden="true" />
      </Button>
      <Button
        kind="bare"
        size="icon-small"
        aria-label="Edit queued message"
        title="Edit"
        onClick={() => {
          setEdited(queued.content);
          void actions.hold(queued);
        }}
      >
        <Pencil size={15} strokeWidth={1.75} aria-hidden="true" />
      </Button>
      <Button
        kind="bare"
        size="icon-small"
        aria-label="Delete queued message"
        title="Delete"
        onClick={() => void actions.remove(queued)}
      >
        <Trash2 size={15} strokeWidth={1.75} aria-hidden="true" />
      </Button>
    </li>
  );
}

function QueuedEditor({
  text,
  onType,
  onSave,
  onCancel,
}: {
  readonly text: string;
  readonly onType: (text: string) => void;
  readonly onSave: () => Promise<void>;
  readonly onCancel: () => void;
}) {
  const content = text.trim();
  const maySave = content !== "" && content.length <= MESSAGE_MAX_CHARACTERS;

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape") {
      event.stopPropagation();
      onCancel();
    }
    if (event.key === "Enter" && !event.shiftKey && !isComposing(event)) {
      event.preventDefault();
      if (maySave) void onSave();
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (maySave) void onSave();
      }}
    >
      <textarea
        // The person has just asked for it.
        ref={(field) => field?.focus()}
        aria-label="Queued text"
        value={text}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={onKeyDown}
        className="block field-sizing-content max-h-40 w-full resize-none rounded-lg border border-line bg-raised px-2.5 py-1.5 text-base leading-normal outline-none focus:border-accent-text"
      />
      <div className="flex justify-end gap-2 pt-1.5">
        <Button size="small" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" kind="primary" size="small" disabled={!maySave}>
          Save
        </Button>
      </div>
    </form>
  );
}
