import { usePaginatedQuery } from "convex/react";
import { useCallback, useMemo } from "react";
import { api } from "../../../convex/_generated/api";
import type { Id } from "../../../convex/_generated/dataModel";

const PAGE_SIZE = 30;

/** A session's messages, newest first, a page at a time. Without a session there are none. */
export function useMessages(sessionId: Id<"chatSessions"> | null) {
  const { results, status, loadMore } = usePaginatedQuery(
    api.chat.messages.listMessages,
    sessionId === null ? "skip" : { sessionId },
    { initialNumItems: PAGE_SIZE },
  );
  const loadOlder = useCallback((count = PAGE_SIZE) => loadMore(count), [loadMore]);
  return useMemo(
    () => ({
      newestFirst: results,
      isLoading: sessionId !== null && status === "LoadingFirstPage",
      isWhole: status === "Exhausted",
      loadOlder: status === "CanLoadMore" ? loadOlder : null,
    }),
    [results, sessionId, status, loadOlder],
  );
}
