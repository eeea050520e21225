import { v } from "convex/values";
import { authenticatedQuery } from "../lib/functions";
import { maySell } from "./settings";
import { proOf } from "./records";
import { proState } from "./tables";

/** What the signed-in person is on, and whether anything can be bought here. */
export const current = authenticatedQuery({
  args: {},
  returns: v.object({ maySell: v.boolean(), pro: v.union(proState, v.null()) }),
  handler: async (ctx) => {
    return { maySell: maySell(), pro: await proOf(ctx, ctx.userId) };
  },
});
