import { FileText, X } from "@/components/icons";
import { Button } from "../../../components/button";

/** A text beside a message, by its name and length; pressing it opens it. */
export function AttachmentChip({
  name,
  characters,
  onOpen,
  onRemove,
}: {
  readonly name: string;
  /** UTF-16 units. */
  readonly characters: number;
  /** Absent until there is something to open. */
  readonly onOpen?: (() => void) | undefined;
  /** Absent where it cannot be removed. */
  readonly onRemove?: (() => void) | undefined;
}) {
  return (
    <span className="inline-flex max-w-full items-center rounded-[11px] border border-line bg-raised text-ink">
      <button
        type="button"
        aria-label={`Open ${name}`}
        disabled={onOpen === undefined}
        onClick={onOpen}
        className="touch-target flex min-h-9 min-w-0 items-center gap-2 rounded-[11px] px-2.5 text-left text-[13.5px] hover:not-disabled:bg-shade"
      >
        <FileText
          size={15}
          strokeWidth={1.75}
          className="flex-none text-accent-text"
          aria-hidden="true"
        />
        <span className="truncate">{name}</span>
        <span className="flex-none text-[12.5px] text-ink-2 tabular-nums">
          {length(characters)}
        </span>
      </button>
      {onRemove && (
        <Button kind="bare" size="icon-small" aria-label={`Remove ${name}`} onClick={onRemove}>
          <X size={14} strokeWidth={1.75} aria-hidden="true" />
        </Button>
      )}
    </span>
  );
}

/** `840 characters`, `12.4k characters`. */
function length(characters: number): string {
  if (characters < 1000) return `${characters} ${characters === 1 ? "character" : "characters"}`;
  return `${(characters / 1000).toFixed(1)}k characters`;
}
