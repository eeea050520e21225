import type { Id } from "../_generated/dataModel";
import type { QueryCtx } from "../_generated/server";
import schema from "../schema";

/** A table whose rows belong to people, and the index by which a person's rows are found. */
interface OwnedTable {
  readonly table: string;
  readonly index: string;
}

/** What `defineTable` knows of itself. */
interface TableWithIndexes {
  readonly validator: { readonly fields?: Record<string, unknown> };
  " indexes"(): { indexDescriptor: string; fields: string[] }[];
}

const TABLES = Object.entries(schema.tables as unknown as Record<string, TableWithIndexes>);

/** Found by something else than their `userId`; `deletion.ts` says how. */
const FOUND_OTHERWISE = new Set(["accountDeletions"]);

/**
 * Every table whose rows have a `userId` and an index that begins with it, read from the schema
 * itself: a table that is added belongs to the export and to the deletion without being named.
 */
export const OWNED_TABLES: readonly OwnedTable[] = TABLES.flatMap(([table, definition]) => {
  const index = definition[" indexes"]().find(({ fields }) => fields[0] === "userId");
  if (index === undefined || FOUND_OTHERWISE.has(table)) return [];
  return [{ table, index: index.indexDescriptor }];
});

/** Tables with a `userId` that no index finds; their rows must go with something else's. */
export const UNFINDABLE_TABLES: readonly string[] = TABLES.flatMap(([table, definition]) => {
  const isOwned = definition.validator.fields?.["userId"] !== undefined;
  const isFound = definition[" indexes"]().some(({ fields }) => fields[0] === "userId");
  return isOwned && !isFound ? [table] : [];
});

/** A person's rows of one of these tables. The names are those of the schema, so any pair fits. */
export function rowsOf(ctx: QueryCtx, { table, index }: OwnedTable, userId: Id<"users">) {
  return ctx.db
    .query(table as "projects")
    .withIndex(index as "by_userId", (q) => q.eq("userId", userId));
}
