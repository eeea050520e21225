import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import { usePaginatedQuery } from "convex/react";
import { useMemo } from "react";
import { api } from "../../../../convex/_generated/api";
import { useKept } from "../../../lib/use-kept";
import { useNow } from "../../../lib/use-now";
import { sessionRows } from "./session-rows";

/** More than a tall screen shows, so that opening the page asks once. */
const PAGE_SIZE = 50;

/** The lines of the list of chats, live; `loadMore` is absent when all are there. */
export function useSessions(archived: boolean) {
  const { results, status, loadMore } = usePaginatedQuery(
    api.chat.sessions.listSessions,
    { archived },
    { initialNumItems: PAGE_SIZE },
  );
  const { data: pinned } = useQuery(convexQuery(api.chat.sessions.pinnedSessions, {}));
  const now = useNow();
  const rows = useKept(
    useMemo(
      () => sessionRows(archived ? [] : (pinned ?? []), results, now),
      [archived, pinned, results, now],
    ),
  );
  const isLoading = status === "LoadingFirstPage" || pinned === undefined;
  const mayLoadMore = status === "CanLoadMore";
  return useMemo(
    () => ({
      archived,
      rows: isLoading ? [] : rows,
      isLoading,
      loadMore: mayLoadMore ? () => loadMore(PAGE_SIZE) : null,
    }),
    [archived, rows, isLoading, mayLoadMore, loadMore],
  );
}
