import { ConvexQueryClient } from "@convex-dev/react-query";
import { notifyManager, QueryClient } from "@tanstack/react-query";
import type { ConvexReactClient } from "convex/react";

// In the turn of the socket's message, so that all that it changes is drawn together.
notifyManager.setScheduler(queueMicrotask);

const MINUTE_MS = 60_000;

/**
 * The cache of ordinary queries over the Convex client's socket. It keeps a query's subscription
 * for a while after its last reader left, so that going back and forth between pages shows no empty
 * moment. Lists and growing answers use the Convex hooks directly: those update in the same frame
 * as the socket's message.
 */
export function queryClientOver(convex: ConvexReactClient): QueryClient {
  const convexQueries = new ConvexQueryClient(convex);
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        queryKeyHashFn: convexQueries.hashFn(),
        queryFn: convexQueries.queryFn(),
        gcTime: 5 * MINUTE_MS,
        // The socket has its own idea of being online, and waits by itself.
        networkMode: "always",
      },
    },
  });
  convexQueries.connect(queries);
  return queries;
}
