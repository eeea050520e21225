import { paginationOptsValidator } from "convex/server";
import { v } from "convex/values";
import { appError } from "../lib/errors";
import { authenticatedQuery } from "../lib/functions";
import { OWNED_TABLES, rowsOf } from "./ownedTables";

/** A page ends here, however many rows were asked for: many are small, and one may have 600 kB. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** What proves who somebody is stays here: no file should hold it. */
const isExported = ({ table }: { table: string }) => !table.startsWith("auth");

/** The names of everything that is kept of a person, to ask for one by one. */
export const exportedTables = authenticatedQuery({
  args: {},
  returns: v.array(v.string()),
  handler: async () => OWNED_TABLES.filter(isExported).map(({ table }) => table),
});

/**
 * A page of what is kept of the person in one table, word for word. The page that asks puts them
 * together into one file, so that no copy of it lies on the server.
 *
 * @throws NOT_FOUND for a table that holds nothing of people
 */
export const exportPage = authenticatedQuery({
  args: { table: v.string(), paginationOpts: paginationOptsValidator },
  returns: v.object({
    rows: v.array(v.any()),
    isDone: v.boolean(),
    continueCursor: v.string(),
  }),
  handler: async (ctx, { table, paginationOpts }) => {
    const owned = OWNED_TABLES.find((each) => each.table === table && isExported(each));
    if (owned === undefined) throw appError("NOT_FOUND", "There is no such data.");
    const { page, isDone, continueCursor } = await rowsOf(ctx, owned, ctx.userId).paginate({
      ...paginationOpts,
      maximumBytesRead: PAGE_BYTES,
    });
    return { rows: page, isDone, continueCursor };
  },
});
