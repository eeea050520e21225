import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import { useMutation } from "convex/react";
import { useEffect } from "react";
import { api } from "../../../../convex/_generated/api";

/** Tells the server that the open chat's newest answer was seen, once the page itself can be seen. */
export function useMarkSeen(displayId: string | null) {
  const markSeen = useMutation(api.chat.marks.markSeen);
  const { data: session } = useQuery(
    convexQuery(api.chat.sessions.getSession, displayId === null ? "skip" : { displayId }),
  );
  const unread = session?.mark === "unread" ? session._id : null;
  useEffect(() => {
    if (unread === null) return;
    const look = () => {
      if (document.visibilityState !== "visible") return;
      // It stays marked when the line is down, and is told again at the next look.
      markSeen({ sessionId: unread }).catch(() => undefined);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [markSeen, unread]);
}
