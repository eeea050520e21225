import { clsx } from "clsx";
import { Pencil } from "@/components/icons";
import { memo, useRef, useState } from "react";
import { Button } from "../../../components/button";
import { CopyButton } from "../../../components/copy-button";
import type { Drafts } from "../composer/drafts";
import type { Message } from "../message";
import { MessageAttachments } from "./message-attachments";
import { MessageTime } from "./message-time";
import { QuestionEditor } from "./question-editor";
import type { QuestionRow } from "./thread-rows";
import type { TurnActions } from "./use-turns";
import { VersionSwitch } from "./version-switch";

export interface QuestionProps {
  readonly row: QuestionRow;
  readonly drafts: Drafts;
  readonly actions: TurnActions;
  /** No answer is being written in this chat. */
  readonly isIdle: boolean;
  /** An edited question was sent. */
  readonly onEdited: () => void;
}

/** What the person wrote, on their side. Shown as written: no formatting is guessed. */
export const Question = memo(function Question(props: QuestionProps) {
  const { row, drafts, actions, onEdited } = props;
  const { message, text } = row;
  const [isEditing, setIsEditing] = useState(false);
  const place = useRef<HTMLDivElement>(null);

  function close(isSent: boolean) {
    setIsEditing(false);
    if (isSent) return onEdited();
    // After the editor has given way to the message again.
    requestAnimationFrame(() =>
      place.current?.querySelector<HTMLElement>('[data-action="edit"]')?.focus(),
    );
  }

  return (
    <div ref={place} className="message relative flex flex-col items-end">
      {isEditing && message !== null ? (
        <QuestionEditor
          message={message}
          drafts={drafts}
          onSend={(edited) => actions.edit(message._id, edited)}
          onClose={close}
        />
      ) : (
        <>
          <MessageAttachments attachments={row.attachments} />
          <article
            aria-label="Your message"
            aria-busy={message === null}
            className={clsx(
              "max-w-[82%] rounded-bubble rounded-br-[5px] bg-accent px-[15px] py-2.5 leading-normal wrap-anywhere whitespace-pre-wrap text-accent-ink [unicode-bidi:plaintext]",
              message === null && "opacity-80",
            )}
          >
            {text}
          </article>
        </>
      )}
      {message !== null && !isEditing && (
        <QuestionLine {...props} message={message} onEdit={() => setIsEditing(true)} />
      )}
    </div>
  );
});

/**
 * What can be done with a question. With a mouse it lies in the gap below and is seen on approach,
 * unless there are versions to tell of; under a finger it always has its place.
 */
function QuestionLine({
  row,
  message,
  actions,
  isIdle,
  onEdit,
}: QuestionProps & { readonly message: Message; readonly onEdit: () => void }) {
  const hasVersions = message.versionCount > 1;
  const onApproach =
    "pointer-fine:opacity-0 transition-opacity duration-150 [.message:focus-within_&]:opacity-100 [.message:hover_&]:opacity-100";
  return (
    <div
      className={clsx(
        "flex items-center gap-0.5 pointer-coarse:mt-1 pointer-coarse:gap-3.5 print:hidden",
        hasVersions ? "pt-0.5" : "pointer-fine:absolute pointer-fine:top-full",
      )}
    >
      <span className="pr-1.5">
        <MessageTime timestamp={message.timestamp} />
      </span>
      <span className={clsx("flex gap-0.5 pointer-coarse:gap-3.5", onApproach)}>
        <CopyButton text={row.text} what="message" />
        <Button
          kind="bare"
          size="icon-small"
          aria-label="Edit message"
          title="Edit message"
          data-action="edit"
          disabled={!isIdle}
          onClick={onEdit}
        >
          <Pencil size={15} strokeWidth={1.75} aria-hidden="true" />
        </Button>
      </span>
      <VersionSwitch
        version={message.version}
        versionCount={message.versionCount}
        disabled={!isIdle}
        onShow={(version) => actions.showVersion(message._id, version)}
      />
    </div>
  );
}
