import type { Value } from "convex/values";
import { APP } from "../functions/components.ts";
import type { Doc } from "../store/document.ts";
import { checkReadable, ownQuery, visibleJson } from "../syscalls/system-documents.ts";
import type { QueryJson } from "../transaction/query.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { isSystemTable } from "../transaction/tables.ts";
import { decodeValue } from "../values/encoding.ts";
import type { ConvexObject } from "../values/encoding.ts";

/** What `npx convex data` lists: the tables of a component, all on one page. */
export function tablePage(tx: Transaction, component: string): Value {
  const names = tx.tables.of(component).map(({ name }) => name);
  const page = names.filter((name) => !isSystemTable(name)).map((name) => ({ name }));
  return { page, isDone: true, continueCursor: "end" };
}

/** One page of a table's documents, as `npx convex data TABLE` asks for it. */
export function documentPage(tx: Transaction, args: ConvexObject, component: string): Value {
  const table = String(args["table"]);
  checkReadable(table);
  const { numItems, cursor } = args["paginationOpts"] as {
    numItems: number;
    cursor?: string | null;
  };
  const order = args["order"] === "asc" ? "asc" : "desc";
  const query: QueryJson = {
    source: { type: "FullTableScan", tableName: table, order },
    operators: [],
  };
  const { page, ...rest } = tx.page(
    isSystemTable(table) ? APP : component,
    ownQuery(query, table, component),
    { cursor: cursor ?? null, endCursor: null, pageSize: numItems },
  );
  return { ...rest, page: page.map((doc) => decodeValue(visibleJson(table, doc))) };
}

export function newestRow(tx: Transaction, table: string): Value {
  return newestRows(tx, table, 1)[0] ?? null;
}

export function newestRows(tx: Transaction, table: string, limit: number): Value[] {
  const source = { type: "FullTableScan", tableName: table, order: "desc" } as const;
  const cursor = tx.query(APP, { source, operators: [{ limit }] });
  const rows: Value[] = [];
  for (let doc = cursor.next(); doc !== null; doc = cursor.next()) rows.push(asValue(doc));
  return rows;
}

export function asValue(doc: Doc | null): Value {
  return doc === null ? null : decodeValue(doc.json);
}
