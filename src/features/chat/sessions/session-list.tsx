import { Archive, ArrowLeft, ListChecks, Plus } from "@/components/icons";
import { type KeyboardEvent, memo, useEffect, useMemo, useRef, useState } from "react";
import { matchPath, useNavigate } from "react-router";
import { SELECTED_MAX } from "../../../../convex/chat/limits";
import { Button } from "../../../components/button";
import { useCommand } from "../../../lib/commands";
import { useKeptFocus } from "../../../lib/use-kept-focus";
import type { Session } from "../message";
import { READING } from "../reading";
import { SearchField } from "../search/search-field";
import { focusFirstResult, SearchResults } from "../search/search-results";
import { SelectionBar } from "./selection-bar";
import { SessionLines } from "./session-lines";
import { neighbour } from "./session-rows";
import { useOrganise } from "./use-organise";
import { useSelection } from "./use-selection";
import { useSessions } from "./use-sessions";

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
  const organise = useOrganise();
  const selection = useSelection(sessions.rows);
  const newButton = useRef<HTMLButtonElement>(null);
  const selectButton = useRef<HTMLButtonElement>(null);
  const focusGoesBack = useRef(false);
  // That of a chat that was archived, say.
  const keepFocus = useKeptFocus(() => newButton.current?.focus());
  useNeighbourCommands(sessions.rows);
  const { chosen } = selection;
  const isChoosing = chosen !== null;
  const count = sessions.rows.filter(({ kind }) => kind === "session").length;
  const { loadMore } = sessions;
  // As many as can be chosen at once, so that "all" means them.
  useEffect(() => {
    if (isChoosing && count < SELECTED_MAX) loadMore?.();
  }, [isChoosing, count, loadMore]);

  function endSelection() {
    focusGoesBack.current = true;
    selection.end();
  }
  useEffect(() => {
    if (isChoosing || !focusGoesBack.current) return;
    focusGoesBack.current = false;
    selectButton.current?.focus();
  }, [isChoosing]);
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Escape" || !isChoosing || event.defaultPrevented) return;
    event.preventDefault();
    endSelection();
  }
  async function forChosen(work: (sessions: readonly Session[]) => Promise<boolean>) {
    if (chosen !== null && (await work(chosen))) endSelection();
  }

  return (
    <div className="flex h-full min-h-0 flex-col pt-3" onKeyDown={onKeyDown} {...keepFocus}>
      <div className="flex flex-none flex-col gap-2 px-2.5">
        <Button ref={newButton} className="justify-start! px-3!" onClick={onNewChat}>
          <Plus size={17} strokeWidth={1.75} aria-hidden="true" />
          New chat
        </Button>
        <SearchField
          query={query}
          onType={(typed) => {
            setQuery(typed);
            selection.end();
          }}
          onArrowDown={focusFirstResult}
        />
      </div>
      {archived && query.trim() === "" && (
        <h2 className="flex-none px-5 pt-4 font-display text-[22px] leading-tight tracking-[-0.01em]">
          Archived chats
        </h2>
      )}
      {query.trim() === "" ? (
        <SessionLines
          key={String(archived)}
          {...sessions}
          current={current}
          organise={organise}
          selection={selection}
          onExport={onExport}
          onMove={onMove}
        />
      ) : (
        <SearchResults query={query} />
      )}
      {chosen !== null ? (
        <SelectionBar
          count={chosen.length}
          isMore={count > SELECTED_MAX || (count === SELECTED_MAX && loadMore !== null)}
          hasAll={selection.hasAll}
          archived={archived}
          onToggleAll={selection.toggleAll}
          onArchive={() => void forChosen((those) => organise.archive(those, !archived))}
          onDelete={() => void forChosen(organise.remove)}
          onCancel={endSelection}
        />
      ) : (
        <div className="flex flex-none items-center justify-between px-2.5 py-1.5">
          <Button
            kind="bare"
            size="small"
            className="justify-start! px-2.5! font-[450]!"
            onClick={() => setArchived(!archived)}
          >
            {archived ? (
              <ArrowLeft size={16} strokeWidth={1.75} aria-hidden="true" />
            ) : (
              <Archive size={16} strokeWidth={1.75} aria-hidden="true" />
            )}
            {archived ? "All chats" : "Archived chats"}
          </Button>
          {sessions.rows.length > 0 && query.trim() === "" && (
            <Button
              ref={selectButton}
              kind="bare"
              size="icon-small"
              aria-label="Select chats"
              title="Select chats"
              onClick={() => selection.start(null)}
            >
              <ListChecks size={16} strokeWidth={1.75} aria-hidden="true" />
            </Button>
          )}
        </div>
      )}
    </div>
  );
});

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

  function step(by: 1 | -1, bySingleKey: boolean) {
    const place = matchPath("/chat/:displayId", window.location.pathname);
    const wanted = neighbour(sessions, place?.params.displayId ?? null, by);
    if (wanted === null) return;
    void navigate(`/chat/${wanted.displayId}`, { state: bySingleKey ? READING : null });
  }
  const isAny = sessions.length > 0;
  useCommand("next-chat", isAny ? (bySingleKey) => step(1, bySingleKey) : null);
  useCommand("previous-chat", isAny ? (bySingleKey) => step(-1, bySingleKey) : null);
}
