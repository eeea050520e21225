import { v } from "convex/values";
import { authenticatedQuery } from "../lib/functions";
import { configuredModelName } from "./catalogue";

/** The model that answers, by its name; `null` while none is set up. */
export const current = authenticatedQuery({
  args: {},
  returns: v.object({ name: v.union(v.null(), v.string()) }),
  handler: async () => ({ name: configuredModelName() }),
});
