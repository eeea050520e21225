import { useMutation } from "convex/react";
import { useMemo } from "react";
import { api } from "../../../../convex/_generated/api";
import { useStable } from "../../../lib/use-stable";
import type { OpenSession } from "../use-session";

/**
 * Whether the model is told of the person's projects and tasks in a chat that exists; `null` for a
 * new one, whose choice is a part of its draft. The server remembers it, the page shows it at once.
 */
export function useContextChoice(session: OpenSession, displayId: string | null) {
  const setContextIncluded = useMutation(api.chat.requests.setContextIncluded).withOptimisticUpdate(
    (store, { isIncluded }) => {
      if (displayId === null) return;
      const known = store.getQuery(api.chat.sessions.getSession, { displayId });
      if (!known) return;
      const changed = { ...known, includesContext: isIncluded };
      store.setQuery(api.chat.sessions.getSession, { displayId }, changed);
    },
  );
  const onChange = useStable((isIncluded: boolean) => {
    if (session.kind !== "found") return;
    // Refused, it goes back to what it was.
    setContextIncluded({ sessionId: session.id, isIncluded }).catch(() => undefined);
  });
  const isIncluded = session.kind === "found" ? session.includesContext : null;
  return useMemo(
    () => (isIncluded === null ? null : { isIncluded, onChange }),
    [isIncluded, onChange],
  );
}
