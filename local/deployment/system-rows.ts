import type { Commit } from "./store/commit-log.ts";
import type { Database } from "./transaction/database.ts";
import type { RangeExpression } from "./transaction/index-range.ts";
import type { Transaction } from "./transaction/transaction.ts";
import type { ConvexObject } from "./values/encoding.ts";

/** A document of one of the deployment's own tables. */
export interface SystemRow {
  readonly id: string;
  readonly value: ConvexObject;
  /** The encoded JSON text of the whole document. */
  readonly json: string;
}

/**
 * Reads documents of the deployment's own tables in the order of an index.
 *
 * @param index `table.index`
 */
export function readRows(
  tx: Transaction,
  index: string,
  range: readonly RangeExpression[],
  limit?: number,
): SystemRow[] {
  const cursor = tx.query("", {
    source: { type: "IndexRange", indexName: index, range, order: "asc" },
    operators: limit === undefined ? [] : [{ limit }],
  });
  const rows: SystemRow[] = [];
  try {
    for (let row = cursor.next(); row !== null; row = cursor.next()) rows.push(row);
  } finally {
    cursor.close();
  }
  return rows;
}

/** What `read` finds in what is on disk. */
export function readDurable<T>(database: Database, read: (tx: Transaction) => T): T {
  const tx = database.beginRead();
  try {
    return read(tx);
  } finally {
    tx.close();
  }
}

/** Calls `listener` after every commit that changed the app's table of this name. */
export function onTableChange(database: Database, table: string, listener: () => void): () => void {
  return database.onCommit((commit: Commit) => {
    const byId = database.catalog.table("", table)?.indexes[0];
    if (byId !== undefined && commit.writes.has(byId.id)) listener();
  });
}
