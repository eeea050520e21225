import { Archive, ArrowLeft, Plus } from "@/components/icons";
import { memo, useEffect, useMemo, useRef, useState } from "react";
import { matchPath, useNavigate } from "react-router";
import { Virtualizer } from "virtua";
import { Button } from "../../../components/button";
import { useCommand } from "../../../lib/commands";
import type { Session } from "../message";
import { SearchField } from "../search/search-field";
import { focusFirstResult, SearchResults } from "../search/search-results";
import { SessionLine } from "./session-line";
import { neighbour } from "./session-rows";
import { useOrganise } from "./use-organise";
import { useSessions } from "./use-sessions";

const LINE_HEIGHT_PX = 35;

/** A person's chats: the pinned ones, then the others under the days of their own calendar. */
export const SessionList = memo(function SessionList({
  current,
  onNewChat,
  onExport,
  onMove,
}: {
  /** The open chat's display id. */
  readonly current: string | null;
  readonly onNewChat: () => void;
  /** Must stay the same function, as the one above and the next: every line of the list holds them. */
  readonly onExport: (session: Session) => void;
  /** Into a project or out of it. */
  readonly onMove: (session: Session) => void;
}) {
  const [archived, setArchived] = useState(false);
  const [query, setQuery] = useState("");
  const sessions = useSessions(archived);
  useNeighbourCommands(sessions.rows);
  return (
    <div className="flex h-full min-h-0 flex-col pt-3">
      <div className="flex flex-none flex-col gap-2 px-2.5">
        <Button className="justify-start! px-3!" onClick={onNewChat}>
          <Plus size={17} strokeWidth={1.75} aria-hidden="true" />
          New chat
        </Button>
        <SearchField query={query} onType={setQuery} onArrowDown={focusFirstResult} />
      </div>
      {query.trim() === "" ? (
        <Sessions
          key={String(archived)}
          {...sessions}
          current={current}
          onExport={onExport}
          onMove={onMove}
        />
      ) : (
        <SearchResults query={query} />
      )}
      <Button
        kind="bare"
        size="small"
        className="mx-2.5 my-1.5 flex-none justify-start! px-2.5! font-[450]!"
        onClick={() => setArchived(!archived)}
      >
        {archived ? (
          <ArrowLeft size={16} strokeWidth={1.75} aria-hidden="true" />
        ) : (
          <Archive size={16} strokeWidth={1.75} aria-hidden="true" />
        )}
        {archived ? "All chats" : "Archived chats"}
      </Button>
    </div>
  );
});

const Sessions = memo(function Sessions({
  rows,
  isLoading,
  loadMore,
  archived,
  current,
  onExport,
  onMove,
}: ReturnType<typeof useSessions> & {
  readonly current: string | null;
  readonly onExport: (session: Session) => void;
  readonly onMove: (session: Session) => void;
}) {
  const scroller = useRef<HTMLElement>(null);
  const organise = useOrganise();
  // The lines are drawn again when they change, not whenever the list is.
  const latest = useRef(organise);
  useEffect(() => {
    latest.current = organise;
  });
  const actions = useMemo(
    () => ({
      rename: (session: Session, title: string) => latest.current.rename(session, title),
      pin: (session: Session) => latest.current.pin(session),
      archive: (session: Session) => goOn(session, () => latest.current.archive(session)),
      remove: (session: Session) => goOn(session, () => latest.current.remove(session)),
      exportSession: onExport,
      moveSession: onMove,
    }),
    [onExport, onMove],
  );
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
        {(row) =>
          row.kind === "heading" ? (
            <h2
              key={row.key}
              className="px-2.5 pt-[18px] pb-[7px] text-xs leading-none font-[550] text-ink-2"
            >
              {row.label}
            </h2>
          ) : (
            <SessionLine
              key={row.key}
              session={row.session}
              isCurrent={row.session.displayId === current}
              actions={actions}
            />
          )
        }
      </Virtualizer>
      {loadMore !== null && <MoreSessions load={loadMore} />}
    </nav>
  );
});

/** A line that leaves the list gives the focus to the one beside it. */
async function goOn({ displayId }: Session, leave: () => Promise<void>) {
  const links = [...document.querySelectorAll<HTMLElement>("[data-session-list] a")];
  const index = links.findIndex((link) => link.getAttribute("href") === `/chat/${displayId}`);
  const beside = links[index + 1] ?? links[index - 1];
  await leave();
  requestAnimationFrame(() => {
    if (document.activeElement === document.body) beside?.focus();
  });
}

/**
 * Next and previous chat. They count from where the address leads: a key that follows another comes
 * before the page has gone there.
 */
function useNeighbourCommands(rows: ReturnType<typeof useSessions>["rows"]) {
  const navigate = useNavigate();
  const sessions = useMemo(
    () => rows.flatMap((row) => (row.kind === "session" ? [row.session] : [])),
    [rows],
  );

  function step(by: 1 | -1) {
    const place = matchPath("/chat/:displayId", window.location.pathname);
    const wanted = neighbour(sessions, place?.params.displayId ?? null, by);
    if (wanted !== null) void navigate(`/chat/${wanted.displayId}`);
  }
  const isAny = sessions.length > 0;
  useCommand("next-chat", isAny ? () => step(1) : null);
  useCommand("previous-chat", isAny ? () => step(-1) : null);
}

/** Loads the page that follows before the end is reached, and on a press where that is not noticed. */
function MoreSessions({ load }: { readonly load: () => void }) {
  const place = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) load();
      },
      { root: place.current.closest("nav"), rootMargin: "0px 0px 900px" },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [load]);
  return (
    <button ref={place} type="button" onClick={load} className="px-2.5 py-2 text-sm text-ink-2">
      Show more
    </button>
  );
}
