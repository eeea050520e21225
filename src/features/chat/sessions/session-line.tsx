import { clsx } from "clsx";
import {
  Archive,
  ArchiveRestore,
  Download,
  Ellipsis,
  Folder,
  ListChecks,
  PenLine,
  Pin,
  PinOff,
  Trash2,
} from "@/components/icons";
import { memo, useRef } from "react";
import { Link } from "react-router";
import { Menu, MenuItem, MenuLine } from "../../../components/menu";
import type { Session } from "../message";
import { RenameField } from "./rename-field";
import { SessionMark } from "./session-mark";
import { useRenaming } from "./use-renaming";

/** What can be done with a chat in the list. */
export interface SessionActions {
  readonly rename: (session: Session, title: string) => Promise<void>;
  readonly pin: (session: Session) => Promise<void>;
  /** Into the archive, or out of it. */
  readonly archive: (session: Session) => Promise<void>;
  readonly remove: (session: Session) => Promise<void>;
  /** Begins to choose several, with this one. */
  readonly select: (session: Session) => void;
  readonly export: (session: Session) => void;
  readonly move: (session: Session) => void;
}

/** A chat in the list: its link, how its newest answer stands, and what can be done with it. */
export const SessionLine = memo(function SessionLine({
  session,
  isCurrent,
  actions,
}: {
  readonly session: Session;
  readonly isCurrent: boolean;
  readonly actions: SessionActions;
}) {
  const link = useRef<HTMLAnchorElement>(null);
  const { title, isRenaming, begin, finish } = useRenaming(
    session.title,
    async (name) => await actions.rename(session, name),
  );

  if (isRenaming) {
    return (
      <RenameField
        title={title}
        onDone={(name, byKey) => {
          if (byKey) requestAnimationFrame(() => link.current?.focus());
          void finish(name);
        }}
      />
    );
  }
  return (
    <div
      className={clsx(
        "group relative rounded-lg hover:transition-colors hover:duration-150 has-data-[state=open]:bg-shade",
        isCurrent ? "bg-accent-soft" : "hover:bg-shade",
      )}
    >
      <Link
        ref={link}
        to={`/chat/${session.displayId}`}
        aria-current={isCurrent ? "page" : undefined}
        title={title}
        className={clsx(
          "block truncate rounded-lg py-[7px] pr-9 pl-2.5 text-sm pointer-coarse:py-3",
          session.mark === "none" ? "pointer-coarse:pr-11" : "pointer-coarse:pr-20",
          session.mark === "unread" && !isCurrent && "font-[550]",
        )}
      >
        {title}
      </Link>
      {!(isCurrent && session.mark === "unread") && <SessionMark mark={session.mark} />}
      <Menu
        trigger={
          <button
            type="button"
            aria-label={`Options for ${title}`}
            className="absolute inset-y-0 right-0 grid w-9 place-items-center rounded-lg text-ink-2 opacity-0 group-hover:opacity-100 hover:text-ink focus-visible:opacity-100 data-[state=open]:opacity-100 pointer-coarse:w-11 pointer-coarse:opacity-100"
          >
            <Ellipsis size={17} strokeWidth={1.75} aria-hidden="true" />
          </button>
        }
      >
        <MenuItem Icon={PenLine} movesFocus onSelect={begin}>
          Rename
        </MenuItem>
        <MenuItem Icon={session.isPinned ? PinOff : Pin} onSelect={() => void actions.pin(session)}>
          {session.isPinned ? "Unpin" : "Pin"}
        </MenuItem>
        <MenuItem
          Icon={session.isArchived ? ArchiveRestore : Archive}
          onSelect={() => void actions.archive(session)}
        >
          {session.isArchived ? "Unarchive" : "Archive"}
        </MenuItem>
        <MenuItem Icon={Folder} onSelect={() => actions.move(session)}>
          Move to project…
        </MenuItem>
        <MenuItem Icon={Download} onSelect={() => actions.export(session)}>
          Export
        </MenuItem>
        <MenuItem Icon={ListChecks} movesFocus onSelect={() => actions.select(session)}>
          Select
        </MenuItem>
        <MenuLine />
        <MenuItem Icon={Trash2} tone="bad" onSelect={() => void actions.remove(session)}>
          Delete
        </MenuItem>
      </Menu>
    </div>
  );
});
