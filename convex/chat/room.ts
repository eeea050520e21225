import type { QueryCtx } from "../_generated/server";

/**
 * Whether three quarters of what Convex lets a transaction read are read. Work of many steps ends
 * before a further one then: beyond the limit nothing is written, and the person is told only of a
 * server error. What is left is enough for any one message, and for the end of a send.
 *
 * Limits: https://docs.convex.dev/production/state/limits. A patch reads as well, and it writes
 * no more than it read, so what is written needs no count of its own.
 */
export async function isNearlySpent(ctx: QueryCtx): Promise<boolean> {
  const { bytesRead, documentsRead, databaseQueries } = await ctx.meta.getTransactionMetrics();
  return [bytesRead, documentsRead, databaseQueries].some(
    ({ used, remaining }) => used >= 3 * remaining,
  );
}
