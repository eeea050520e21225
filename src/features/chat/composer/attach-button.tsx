import { Paperclip } from "@/components/icons";
import { useRef } from "react";
import { ATTACHMENT_MAX_CHARACTERS } from "../../../../convex/chat/limits";
import { Button } from "../../../components/button";
import { Tooltip } from "../../../components/tooltip";
import type { DraftAttachment } from "./drafts";

/** No text of the longest length has more bytes than this. */
const MAX_BYTES = 4 * ATTACHMENT_MAX_CHARACTERS;

/** Takes text files from the person's machine as attachments. Nothing but their text is kept. */
export function AttachButton({
  onAttach,
  onProblem,
}: {
  readonly onAttach: (attachments: readonly DraftAttachment[]) => void;
  readonly onProblem: (sentence: string) => void;
}) {
  const input = useRef<HTMLInputElement>(null);

  async function take(files: readonly File[]) {
    const tooLong = files.find(({ size }) => size > MAX_BYTES);
    if (tooLong) {
      onProblem(
        `“${tooLong.name}” is too long: an attachment has at most ${ATTACHMENT_MAX_CHARACTERS.toLocaleString("en")} characters.`,
      );
      return;
    }
    try {
      onAttach(
        await Promise.all(
          files.map(async (file) => ({ name: file.name, text: await file.text() })),
        ),
      );
    } catch {
      onProblem("A file could not be read. Choose it again.");
    }
  }

  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept="text/*,.md,.csv,.tsv,.json,.yaml,.yml,.toml,.xml,.log,.sql,.ts,.tsx,.js,.jsx,.py,.go,.rs,.java,.c,.h,.cpp,.cs,.rb,.php,.sh"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = "";
          void take(files);
        }}
      />
      <Tooltip words="Attach text files. A long paste is attached by itself.">
        <Button
          kind="bare"
          size="icon-small"
          aria-label="Attach text files"
          onClick={() => input.current?.click()}
        >
          <Paperclip size={16} strokeWidth={1.75} aria-hidden="true" />
        </Button>
      </Tooltip>
    </>
  );
}
