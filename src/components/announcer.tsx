import { useSyncExternalStore } from "react";
import { announcement, subscribeToAnnouncements } from "../lib/announce";

/** The one place from which screen readers take what `announce` says. */
export function Announcer() {
  const words = useSyncExternalStore(subscribeToAnnouncements, announcement);
  return (
    <p role="status" className="sr-only">
      {words}
    </p>
  );
}
