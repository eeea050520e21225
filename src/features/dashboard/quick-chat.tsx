import { usePaginatedQuery } from "convex/react";
import { ArrowUp, MessageSquare } from "@/components/icons";
import type { FormEvent } from "react";
import { Link } from "react-router";
import { api } from "../../../convex/_generated/api";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { useNow } from "../../lib/use-now";
import { useTypedText } from "../../lib/use-typed-text";

const SHOWN = 3;

/** Recent chats, live, and a field that starts a new one. */
export function QuickChat({ onAsk }: { readonly onAsk: (text: string) => void }) {
  const { results } = usePaginatedQuery(
    api.chat.sessions.listSessions,
    {},
    { initialNumItems: SHOWN },
  );
  const [text, setText] = useTypedText("quick-chat");
  const now = useNow();

  function submit(event: FormEvent) {
    event.preventDefault();
    if (text.trim() === "") return;
    onAsk(text.trim());
    setText("");
  }

  return (
    <Card title="Quick Chat" Icon={MessageSquare}>
      <form
        onSubmit={submit}
        className="flex items-center gap-2 rounded-xl border border-line bg-paper py-2 pr-2 pl-3.5 focus-within:border-[color-mix(in_oklab,var(--accent-text)_55%,var(--line))]"
      >
        <input
          aria-label="Ask anything"
          placeholder="Ask anything…"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="-my-2 min-h-12 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-ink-2"
        />
        <Button
          type="submit"
          kind="primary"
          size="icon-small"
          className="size-8! rounded-full!"
          aria-label="Ask"
          disabled={text.trim() === ""}
        >
          <ArrowUp size={17} strokeWidth={2} aria-hidden="true" />
        </Button>
      </form>
      {results.length > 0 && (
        <ul>
          {results.slice(0, SHOWN).map((session) => (
            <li key={session._id} className="border-t border-line">
              <Link
                to={`/chat/${session.displayId}`}
                className="flex items-center gap-2.5 px-0.5 py-[9px] hover:text-accent-text pointer-coarse:min-h-11"
              >
                <span className="min-w-0 flex-1 truncate">{session.title}</span>
                <Mark mark={session.mark} />
                <time
                  dateTime={new Date(session.updatedAt).toISOString()}
                  className="text-[13px] text-ink-2 tabular-nums"
                >
                  {when(new Date(session.updatedAt), now)}
                </time>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** `14:20` on the same day, `7 Nov` before. */
function when(date: Date, now: Date): string {
  return date.toDateString() === now.toDateString()
    ? date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })
    : date.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
}

/** What the list of chats shows too: an answer is being written, or was not seen yet. */
function Mark({ mark }: { readonly mark: "none" | "running" | "unread" }) {
  if (mark === "none") return null;
  const isRunning = mark === "running";
  return (
    <span
      role="img"
      aria-label={isRunning ? "Answer is being written" : "New answer"}
      className={
        isRunning
          ? "size-3.5 flex-none animate-spin rounded-full border-2 border-accent-text border-r-transparent"
          : "size-[7px] flex-none rounded-full bg-accent"
      }
    />
  );
}
