/** The key of a document in an index. */
import { fieldAtPath } from "../values/encoding.ts";
import { encodeKey, internalIdKey } from "../values/key.ts";
import type { Key } from "../values/key.ts";
import type { Index, Table } from "./catalog.ts";
import type { Doc } from "./document.ts";

/** The document's key in each index of its table, in the order of `table.indexes`. */
export function indexKeys(table: Table, document: Doc): Key[] {
  return table.indexes.map((index) => indexKey(index, document));
}

export function indexKey(index: Index, document: Doc): Key {
  if (index.name === "by_id") return encodeKey(document.id);
  const { value } = document;
  let key = "";
  for (const field of index.fields) {
    key += encodeKey(
      field.includes(".") ? fieldAtPath(value, field.split(".")) : ownField(value, field),
    );
  }
  return key + encodeKey(value["_creationTime"]) + internalIdKey(document.internal);
}

function ownField(value: Doc["value"], field: string): Doc["value"][string] {
  return Object.hasOwn(value, field) ? value[field] : undefined;
}
