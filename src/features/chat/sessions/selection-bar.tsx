import { Archive, ArchiveRestore, ListChecks, Trash2 } from "@/components/icons";
import { SELECTED_MAX } from "../../../../convex/chat/limits";
import { Button } from "../../../components/button";

/** What can be done to the chats that are chosen, below the list. */
export function SelectionBar({
  count,
  isMore,
  hasAll,
  archived,
  onToggleAll,
  onArchive,
  onDelete,
  onCancel,
}: {
  readonly count: number;
  /** There are more chats than can be chosen at once. */
  readonly isMore: boolean;
  readonly hasAll: boolean;
  /** Whether the list is the archive. */
  readonly archived: boolean;
  readonly onToggleAll: () => void;
  readonly onArchive: () => void;
  readonly onDelete: () => void;
  readonly onCancel: () => void;
}) {
  const ArchiveIcon = archived ? ArchiveRestore : Archive;
  return (
    <div role="group" aria-label="Chosen chats" className="flex-none border-t border-line p-2.5">
      <div className="flex items-center justify-between pb-2 pl-2.5 text-sm">
        <p role="status">{count === 0 ? "Choose chats" : `${count} chosen`}</p>
        <Button kind="bare" size="small" onClick={onCancel}>
          Cancel
        </Button>
      </div>
      <Button size="small" className="mb-2 w-full" onClick={onToggleAll}>
        <ListChecks size={16} strokeWidth={1.75} aria-hidden="true" />
        {hasAll ? "Select none" : isMore ? `Select the first ${SELECTED_MAX}` : "Select all"}
      </Button>
      <div className="flex gap-2">
        <Button size="small" className="flex-1" disabled={count === 0} onClick={onArchive}>
          <ArchiveIcon size={16} strokeWidth={1.75} aria-hidden="true" />
          {archived ? "Unarchive" : "Archive"}
        </Button>
        <Button size="small" className="flex-1 text-bad!" disabled={count === 0} onClick={onDelete}>
          <Trash2 size={16} strokeWidth={1.75} aria-hidden="true" />
          Delete
        </Button>
      </div>
    </div>
  );
}
