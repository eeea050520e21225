import { useState } from "react";
import { onDemand } from "../../../components/on-demand";
import { AttachmentChip } from "./attachment-chip";
import type { DraftAttachment } from "./drafts";

const AttachmentEditor = onDemand(async () => ({
  default: (await import("./attachment-dialog")).AttachmentEditor,
}));

/** The texts that will go with the message: each can be opened, changed, put back and removed. */
export function DraftAttachments({
  attachments,
  onChange,
  onPutIntoMessage,
}: {
  readonly attachments: readonly DraftAttachment[];
  readonly onChange: (attachments: readonly DraftAttachment[]) => void;
  /** Called with the text of one, which is then no attachment any more. */
  readonly onPutIntoMessage: (text: string, others: readonly DraftAttachment[]) => void;
}) {
  const [opened, setOpened] = useState<number | null>(null);
  const attachment = opened === null ? undefined : attachments[opened];
  if (attachments.length === 0) return null;
  return (
    <div className="flex flex-wrap gap-1.5 px-1 pb-2.5">
      {attachments.map(({ name, text }, index) => (
        <AttachmentChip
          // One name may come twice.
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          name={name}
          characters={text.length}
          onOpen={() => setOpened(index)}
          onRemove={() => onChange(attachments.toSpliced(index, 1))}
        />
      ))}
      {attachment && opened !== null && (
        <AttachmentEditor
          attachment={attachment}
          onSave={(text) => onChange(attachments.with(opened, { ...attachment, text }))}
          onPutIntoMessage={(text) => onPutIntoMessage(text, attachments.toSpliced(opened, 1))}
          onClose={() => setOpened(null)}
        />
      )}
    </div>
  );
}
