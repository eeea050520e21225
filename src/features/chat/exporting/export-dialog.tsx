import { useConvex } from "convex/react";
import { Braces, FileText } from "@/components/icons";
import { useState } from "react";
import { Button } from "../../../components/button";
import { Dialog } from "../../../components/dialog";
import { Notice } from "../../../components/notice";
import { errorSentence } from "../../../lib/error-sentence";
import type { Session } from "../message";
import { asJson, asMarkdown, type ExportedFile } from "./formats";
import { readWholeChat } from "./whole-chat";

const FORMATS = [
  { label: "Markdown", about: "To read, and for other editors", Icon: FileText, make: asMarkdown },
  { label: "JSON", about: "All that is known, for programs", Icon: Braces, make: asJson },
] as const;

/** Saves a chat as a file, in the form that the person chooses. */
export default function ExportDialog({
  session,
  onClose,
}: {
  readonly session: Session;
  readonly onClose: () => void;
}) {
  const convex = useConvex();
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  async function save(make: (typeof FORMATS)[number]["make"]) {
    setIsBusy(true);
    setFailure(null);
    try {
      download(make(await readWholeChat(convex, session)));
      onClose();
    } catch (error) {
      setFailure(errorSentence(error));
      setIsBusy(false);
    }
  }

  return (
    <Dialog title="Export chat" open onClose={onClose}>
      <p className="text-ink-2">“{session.title}” with all its messages, as a file.</p>
      {failure !== null && (
        <Notice announced className="mt-3">
          {failure}
        </Notice>
      )}
      <div className="mt-4 grid gap-2.5">
        {FORMATS.map(({ label, about, Icon, make }) => (
          <div key={label} className="flex items-center gap-3.5">
            <Button className="w-36 flex-none" disabled={isBusy} onClick={() => void save(make)}>
              <Icon size={17} strokeWidth={1.75} aria-hidden="true" className="text-accent-text" />
              {label}
            </Button>
            <span className="text-sm text-ink-2">{about}</span>
          </div>
        ))}
      </div>
    </Dialog>
  );
}

function download({ name, type, text }: ExportedFile) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Not at once: the browser reads the address a moment after the click.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
