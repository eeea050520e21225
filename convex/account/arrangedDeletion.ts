import type { Doc, Id } from "../_generated/dataModel";
import type { QueryCtx } from "../_generated/server";

/** The deletion of the account that the person has arranged, begun or not. */
export async function deletionOf(
  ctx: QueryCtx,
  userId: Id<"users">,
): Promise<Doc<"accountDeletions"> | null> {
  return await ctx.db
    .query("accountDeletions")
    .withIndex("by_userId", (q) => q.eq("userId", userId))
    .unique();
}
