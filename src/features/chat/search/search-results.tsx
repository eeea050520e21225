import { type KeyboardEvent, type ReactNode, useEffect } from "react";
import { Link } from "react-router";
import { announce } from "../../../lib/announce";
import { Marked } from "./marked";
import { messageAddress, type MessageHit, type SearchHits, useSearch } from "./use-search";

/** The counts are read out when nobody has typed for this long. */
const ANNOUNCED_AFTER_MS = 700;

/** What was found in the person's chats, in the place of their list. */
export function SearchResults({ query }: { readonly query: string }) {
  const hits = useSearch(query);
  const count = hits ? hits.sessions.length + hits.messages.length : null;
  useEffect(() => {
    if (count === null) return;
    const timer = setTimeout(() => announce(countLine(count)), ANNOUNCED_AFTER_MS);
    return () => clearTimeout(timer);
  }, [count]);

  return (
    <nav
      aria-label="Search results"
      data-search-results
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2.5 pb-3"
      onKeyDown={moveByArrows}
    >
      {count === 0 && (
        <p className="px-2.5 pt-5 text-sm wrap-anywhere text-ink-2">
          Nothing in your chats has “{query.trim()}”.
        </p>
      )}
      {hits && <Hits hits={hits} />}
    </nav>
  );
}

function Hits({ hits: { sessions, messages } }: { readonly hits: SearchHits }) {
  return (
    <>
      {sessions.length > 0 && (
        <Group label="Chats">
          {sessions.map(({ _id, displayId, title, isArchived }) => (
            <li key={_id}>
              <Link to={`/chat/${displayId}`} className={LINK}>
                <span className="block truncate">
                  <Marked snippet={title} />
                </span>
                {isArchived && <span className="text-[12.5px] text-ink-2">Archived</span>}
              </Link>
            </li>
          ))}
        </Group>
      )}
      {messages.length > 0 && (
        <Group label="Messages">
          {messages.map((hit) => (
            <li key={hit._id}>
              <MessageLink hit={hit} />
            </li>
          ))}
        </Group>
      )}
    </>
  );
}

const LINK =
  "block rounded-lg px-2.5 py-[7px] text-sm transition-colors duration-150 hover:bg-shade pointer-coarse:py-3";

function MessageLink({ hit }: { readonly hit: MessageHit }) {
  return (
    <Link to={messageAddress(hit)} className={LINK}>
      <span className="flex items-baseline gap-2">
        <span className="min-w-0 flex-1 truncate">{hit.title}</span>
        <time
          dateTime={new Date(hit.timestamp).toISOString()}
          className="flex-none text-[12.5px] text-ink-2 tabular-nums"
        >
          {new Date(hit.timestamp).toLocaleDateString("en-GB", { day: "numeric", month: "short" })}
        </time>
      </span>
      <span className="line-clamp-2 text-[13px] leading-snug wrap-anywhere text-ink-2">
        <Marked snippet={hit.snippet} />
      </span>
    </Link>
  );
}

function Group({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <section aria-label={label}>
      <h2 className="px-2.5 pt-[18px] pb-[7px] text-xs leading-none font-[550] text-ink-2">
        {label}
      </h2>
      <ul>{children}</ul>
    </section>
  );
}

function moveByArrows(event: KeyboardEvent<HTMLElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const links = [...event.currentTarget.querySelectorAll("a")];
  const index = links.findIndex((link) => link === document.activeElement);
  links[index + step]?.focus();
}

/** Moves the focus to the first result, if there is one. */
export function focusFirstResult() {
  document.querySelector<HTMLElement>("[data-search-results] a")?.focus();
}

function countLine(count: number): string {
  if (count === 0) return "Nothing found.";
  return count === 1 ? "1 result." : `${count} results.`;
}
