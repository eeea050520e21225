import { useQuery } from "convex/react";
import { useState } from "react";
import { api } from "../../../../convex/_generated/api";
import type { Id } from "../../../../convex/_generated/dataModel";
import { ATTACHMENT_MAX_CHARACTERS } from "../../../../convex/chat/limits";
import { Button } from "../../../components/button";
import { CopyButton } from "../../../components/copy-button";
import { Dialog } from "../../../components/dialog";
import type { DraftAttachment } from "./drafts";

/** An attachment that is not sent yet, to be read and changed. */
export function AttachmentEditor({
  attachment,
  onSave,
  onPutIntoMessage,
  onClose,
}: {
  readonly attachment: DraftAttachment;
  readonly onSave: (text: string) => void;
  readonly onPutIntoMessage: (text: string) => void;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState(attachment.text);
  const excess = text.length - ATTACHMENT_MAX_CHARACTERS;
  return (
    <Dialog
      wide
      open
      title={attachment.name}
      onClose={onClose}
      actions={
        <>
          <Button
            onClick={() => {
              onPutIntoMessage(text);
              onClose();
            }}
          >
            Put into the message
          </Button>
          <Button
            kind="primary"
            disabled={excess > 0}
            onClick={() => {
              onSave(text);
              onClose();
            }}
          >
            Save
          </Button>
        </>
      }
    >
      <textarea
        aria-label="Attached text"
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="block h-[min(52dvh,440px)] w-full resize-none rounded-control border border-line bg-paper p-3 font-mono text-base leading-relaxed outline-none focus:border-accent-text"
      />
      {excess > 0 && (
        <p role="alert" className="pt-2 text-sm text-bad">
          {excess.toLocaleString("en")} {excess === 1 ? "character" : "characters"} over the limit
          of an attachment.
        </p>
      )}
    </Dialog>
  );
}

/** An attachment as it was sent. */
export function AttachmentReader({
  id,
  name,
  onClose,
}: {
  readonly id: Id<"chatAttachments">;
  readonly name: string;
  readonly onClose: () => void;
}) {
  const text = useQuery(api.chat.attachments.attachmentText, { attachmentId: id });
  return (
    <Dialog
      wide
      open
      title={name}
      onClose={onClose}
      actions={
        <CopyButton
          label="Copy"
          what="attachment"
          text={text ?? ""}
          disabled={text === undefined}
        />
      }
    >
      <pre
        tabIndex={0}
        className="min-h-24 font-mono text-[13.5px] leading-relaxed wrap-anywhere whitespace-pre-wrap"
      >
        {text}
      </pre>
    </Dialog>
  );
}
