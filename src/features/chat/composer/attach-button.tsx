import { Paperclip } from "@/components/icons";
import { useRef } from "react";
import { Button } from "../../../components/button";
import { Tooltip } from "../../../components/tooltip";

/** Lets the person choose text files from their machine. */
export function AttachButton({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
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
          onFiles(files);
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
