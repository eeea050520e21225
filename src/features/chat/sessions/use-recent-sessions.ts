import { usePaginatedQuery } from "convex/react";
import { api } from "../../../../convex/_generated/api";

const SHOWN = 6;

/** The chats that the person last used, live. */
export function useRecentSessions() {
  const { results } = usePaginatedQuery(
    api.chat.sessions.listSessions,
    {},
    { initialNumItems: SHOWN },
  );
  return results.slice(0, SHOWN);
}
