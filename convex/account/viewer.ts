import { v } from "convex/values";
import type { Id } from "../_generated/dataModel";
import { internalQuery, query } from "../_generated/server";
import { viewerId } from "../lib/functions";

/** Who is signed in, or `null`. */
export const current = query({
  args: {},
  returns: v.union(v.null(), v.object({ id: v.id("users"), email: v.string() })),
  handler: async (ctx) => {
    const userId = await viewerId(ctx);
    const user = userId === null ? null : await ctx.db.get("users", userId);
    return user === null ? null : { id: user._id, email: user.email ?? "" };
  },
});

/** The same, for actions, which do not read by themselves. */
export const id = internalQuery({
  args: {},
  returns: v.union(v.null(), v.id("users")),
  handler: async (ctx): Promise<Id<"users"> | null> => await viewerId(ctx),
});
