import { Link } from "react-router";
import { useNow } from "../lib/use-now";

interface ChatLine {
  readonly _id: string;
  readonly displayId: string;
  readonly title: string;
  readonly mark: "none" | "running" | "unread";
  /** Unix milliseconds. */
  readonly updatedAt: number;
}

/** A few chats in a card: the title of each, how its newest answer stands, and when it was used. */
export function ChatLines({
  chats,
  label,
}: {
  readonly chats: readonly ChatLine[];
  readonly label?: string;
}) {
  const now = useNow();
  return (
    <ul aria-label={label}>
      {chats.map((chat) => (
        <li key={chat._id} className="border-t border-line">
          <Link
            to={`/chat/${chat.displayId}`}
            className="flex items-center gap-2.5 px-0.5 py-[9px] hover:text-accent-text pointer-coarse:min-h-11"
          >
            <span className="min-w-0 flex-1 truncate">{chat.title}</span>
            <Mark mark={chat.mark} />
            <time
              dateTime={new Date(chat.updatedAt).toISOString()}
              className="text-[13px] text-ink-2 tabular-nums"
            >
              {when(new Date(chat.updatedAt), now)}
            </time>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** `14:20` on the same day, `7 Nov` before. */
function when(date: Date, now: Date): string {
  return date.toDateString() === now.toDateString()
    ? date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })
    : date.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
}

/** What the list of chats shows too: an answer is being written, or was not seen yet. */
function Mark({ mark }: Pick<ChatLine, "mark">) {
  if (mark === "none") return null;
  const isRunning = mark === "running";
  return (
    <span
      role="img"
      aria-label={isRunning ? "Answer is being written" : "New answer"}
      className={
        isRunning
          ? "size-3.5 flex-none animate-spin rounded-full border-2 border-accent-text border-r-transparent"
          : "size-[7px] flex-none rounded-full bg-accent forced-color-adjust-none"
      }
    />
  );
}
