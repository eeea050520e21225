import { getAuthUserId } from "@convex-dev/auth/server";
import { v } from "convex/values";
import { query } from "../_generated/server";

/** Who is signed in, or `null`. */
export const current = query({
  args: {},
  returns: v.union(v.null(), v.object({ id: v.id("users"), email: v.string() })),
  handler: async (ctx) => {
    const userId = await getAuthUserId(ctx);
    const user = userId === null ? null : await ctx.db.get("users", userId);
    return user === null ? null : { id: user._id, email: user.email ?? "" };
  },
});
