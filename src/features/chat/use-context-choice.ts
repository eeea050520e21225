import { useMutation } from "convex/react";
import { api } from "../../../convex/_generated/api";
import type { OpenSession } from "./use-session";

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
  if (session.kind !== "found") return null;
  const { id: sessionId, includesContext: isIncluded } = session;
  return {
    isIncluded,
    onChange: (isIncluded: boolean) =>
      // Refused, it goes back to what it was.
      void setContextIncluded({ sessionId, isIncluded }).catch(() => undefined),
  };
}
