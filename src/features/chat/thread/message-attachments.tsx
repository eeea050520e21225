import { useState } from "react";
import { onDemand } from "../../../components/on-demand";
import { AttachmentChip } from "../composer/attachment-chip";
import type { ShownAttachment } from "./thread-rows";

const AttachmentReader = onDemand(async () => ({
  default: (await import("../composer/attachment-dialog")).AttachmentReader,
}));

/** The texts that were sent with a question. */
export function MessageAttachments({
  attachments,
}: {
  readonly attachments: readonly ShownAttachment[];
}) {
  const [opened, setOpened] = useState<ShownAttachment | null>(null);
  if (attachments.length === 0) return null;
  return (
    <div className="mb-1.5 flex max-w-[82%] flex-wrap justify-end gap-1.5">
      {attachments.map((attachment, index) => (
        <AttachmentChip
          // They never change their order, and one name may come twice.
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          name={attachment.name}
          characters={attachment.characters}
          onOpen={attachment.id === null ? undefined : () => setOpened(attachment)}
        />
      ))}
      {opened?.id && (
        <AttachmentReader id={opened.id} name={opened.name} onClose={() => setOpened(null)} />
      )}
    </div>
  );
}
