import { useEffect, useMemo, useRef } from "react";
import { Virtualizer } from "virtua";
import { useStable } from "../../../lib/use-stable";
import { useWhenNear } from "../../../lib/use-when-near";
import type { Session } from "../message";
import { SessionChoice } from "./session-choice";
import { SessionLine } from "./session-line";
import type { useOrganise } from "./use-organise";
import type { Selection } from "./use-selection";
import type { useSessions } from "./use-sessions";

const LINE_HEIGHT_PX = 35;

/** The list itself: headings and chats, of which those in view are on the page. */
export function SessionLines({
  rows,
  isLoading,
  loadMore,
  archived,
  current,
  organise,
  selection,
  onExport,
  onMove,
}: ReturnType<typeof useSessions> & {
  readonly current: string | null;
  readonly organise: ReturnType<typeof useOrganise>;
  readonly selection: Selection;
  readonly onExport: (session: Session) => void;
  readonly onMove: (session: Session) => void;
}) {
  const scroller = useRef<HTMLElement>(null);
  // The lines are drawn again when they change, not whenever the list is.
  const rename = useStable(organise.rename);
  const pin = useStable(organise.pin);
  const archive = useStable((session: Session) =>
    goOn(session, organise.archive([session], !session.isArchived)),
  );
  const remove = useStable((session: Session) => goOn(session, organise.remove([session])));
  const select = useStable(selection.start);
  const toggle = useStable(selection.toggle);
  const actions = useMemo(
    () => ({ rename, pin, archive, remove, select, export: onExport, move: onMove }),
    [rename, pin, archive, remove, select, onExport, onMove],
  );
  const isChoosing = selection.chosen !== null;
  useEffect(() => {
    if (isChoosing) focusChoice(scroller.current);
  }, [isChoosing]);

  return (
    <nav
      ref={scroller}
      data-session-list
      aria-label={archived ? "Archived chats" : "Chats"}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2.5 pb-3"
    >
      {!isLoading && rows.length === 0 && (
        <p className="px-2.5 pt-5 text-sm text-ink-2">
          {archived ? "Chats that you archive stand here." : "Your chats will stand here."}
        </p>
      )}
      <Virtualizer as="ul" item="li" scrollRef={scroller} itemSize={LINE_HEIGHT_PX} data={rows}>
        {(row) => {
          if (row.kind === "heading") {
            return (
              <h2
                key={row.key}
                className="px-2.5 pt-[18px] pb-[7px] text-xs leading-none font-[550] text-ink-2"
              >
                {row.label}
              </h2>
            );
          }
          const { key, session } = row;
          return selection.chosen === null ? (
            <SessionLine
              key={key}
              session={session}
              isCurrent={session.displayId === current}
              actions={actions}
            />
          ) : (
            <SessionChoice
              key={key}
              session={session}
              isChosen={selection.chosen.includes(session)}
              onToggle={toggle}
            />
          );
        }}
      </Virtualizer>
      {loadMore !== null && <MoreSessions load={loadMore} />}
    </nav>
  );
}

/** The boxes have come: the focus goes to the one that is ticked, or else to the first. */
function focusChoice(list: HTMLElement | null) {
  const box = (state: string) => list?.querySelector<HTMLElement>(`[role="checkbox"]${state}`);
  (box('[aria-checked="true"]') ?? box(""))?.focus();
}

/** A line that leaves the list gives the focus to the one beside it. */
async function goOn({ displayId }: Session, leaving: Promise<unknown>) {
  const links = [...document.querySelectorAll<HTMLElement>("[data-session-list] a")];
  const index = links.findIndex((link) => link.getAttribute("href") === `/chat/${displayId}`);
  const beside = links[index + 1] ?? links[index - 1];
  await leaving;
  requestAnimationFrame(() => {
    if (document.activeElement === document.body) beside?.focus();
  });
}

/** Loads the page that follows before the end is reached, and on a press where that is not noticed. */
function MoreSessions({ load }: { readonly load: () => void }) {
  const place = useWhenNear<HTMLButtonElement>(load, 900, "nav");
  return (
    <button ref={place} type="button" onClick={load} className="px-2.5 py-2 text-sm text-ink-2">
      Show more
    </button>
  );
}
