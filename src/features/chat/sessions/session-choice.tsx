import { clsx } from "clsx";
import { Check } from "@/components/icons";
import { memo } from "react";
import type { Session } from "../message";
import { SessionMark } from "./session-mark";

/** A chat in the list while several are being chosen: the whole line is its box. */
export const SessionChoice = memo(function SessionChoice({
  session,
  isChosen,
  onToggle,
}: {
  readonly session: Session;
  readonly isChosen: boolean;
  /** Must stay the same function. With `toThere`, all up to this one are meant. */
  readonly onToggle: (session: Session, toThere: boolean) => void;
}) {
  return (
    <button
      type="button"
      role="checkbox"
      aria-checked={isChosen}
      title={session.title}
      onClick={(event) => onToggle(session, event.shiftKey)}
      className={clsx(
        "relative flex w-full items-center gap-2.5 rounded-lg py-[7px] pl-2.5 text-left text-sm select-none pointer-coarse:py-3",
        session.mark === "none" ? "pr-2.5" : "pr-9 pointer-coarse:pr-20",
        isChosen ? "bg-accent-soft" : "hover:bg-shade",
      )}
    >
      <span
        aria-hidden="true"
        className={clsx(
          "grid size-4 flex-none place-items-center rounded-[5px] border-[1.5px]",
          isChosen ? "border-accent bg-accent text-accent-ink" : "border-ink-3",
        )}
      >
        {isChosen && <Check size={11} strokeWidth={3} />}
      </span>
      <span className="truncate">{session.title}</span>
      <SessionMark mark={session.mark} />
    </button>
  );
});
