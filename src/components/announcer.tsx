import { useSyncExternalStore } from "react";
import { announcement, subscribeToAnnouncements } from "../lib/announce";

/** The one place from which screen readers take what `announce` says. */
export function Announcer() {
  const words = useSyncExternalStore(subscribeToAnnouncements, announcement);
  // Also `aria-live`: an open dialog hides from screen readers all else that is without it.
  return (
    <p role="status" aria-live="polite" className="sr-only">
      {words}
    </p>
  );
}
