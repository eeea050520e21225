import { useNow } from "../../../lib/use-now";
import { formatMoment, formatTime } from "./message-moment";

/**
 * When a message was sent: seen while the pointer is on the message, the focus in it, or after a
 * tap on it. Not by Tailwind's own hover, which leaves out touch.
 */
export function MessageTime({ timestamp }: { readonly timestamp: number }) {
  const now = useNow();
  return (
    <time
      dateTime={new Date(timestamp).toISOString()}
      title={formatMoment(timestamp)}
      className="text-[12.5px] whitespace-nowrap text-ink-2 tabular-nums opacity-0 transition-opacity duration-150 [.message:focus-within_&]:opacity-100 [.message:hover_&]:opacity-100"
    >
      {formatTime(timestamp, now.getTime())}
    </time>
  );
}
