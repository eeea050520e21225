import { convexToJson } from "convex/values";
import type { JSONValue } from "convex/values";
import { APP } from "../functions/components.ts";
import type { Doc } from "../store/document.ts";
import { isSystemTable } from "../transaction/tables.ts";
import type { QueryJson } from "../transaction/query.ts";
import { UserError } from "../transaction/user-error.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { tryDecodeId } from "../values/id.ts";

/** The fields that functions see of the system tables that they may read. */
const VISIBLE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  _storage: ["sha256", "size", "contentType"],
  _scheduled_functions: ["name", "args", "scheduledTime", "completedTime", "state"],
};

/** The fields by which a system document is a component's own; the app's have none. */
export function ownedBy(component: string): { owner?: string } {
  return component === APP ? {} : { owner: component };
}

export function ownerOf(doc: Doc): string {
  return (doc.value["owner"] as string | undefined) ?? APP;
}

/** The same query, of a system table only for the component's own documents. */
export function ownQuery(query: QueryJson, table: string, component: string): QueryJson {
  if (!isSystemTable(table)) return query;
  const literal: JSONValue = component === APP ? { $undefined: null } : component;
  const isOwn: JSONValue = { $eq: [{ $field: "owner" }, { $literal: literal }] };
  return { ...query, operators: [{ filter: isOwn }, ...query.operators] };
}

/** @throws UserError for a table that functions may not read. */
export function checkReadable(tableName: string): void {
  if (!isSystemTable(tableName) || tableName in VISIBLE_FIELDS) return;
  throw new UserError(`System table ${tableName} cannot be read by functions.`);
}

/** The JSON of a document as a function may see it: of system documents, only their public fields. */
export function visibleJson(tableName: string, doc: Doc): string {
  const visible = VISIBLE_FIELDS[tableName];
  if (visible === undefined) return doc.json;
  const entries = Object.entries(doc.value).filter(
    ([field]) => visible.includes(field) || field === "_id" || field === "_creationTime",
  );
  return JSON.stringify(convexToJson(Object.fromEntries(entries)));
}

/** The name of the table that an id belongs to, as the transaction sees it; null when unknown. */
export function tableNameOf(tx: Transaction, componentPath: string, id: string): string | null {
  const decoded = tryDecodeId(id);
  if (decoded === null) return null;
  return tx.validationContext(componentPath).tableName(decoded.tableNumber);
}
