/** The conditions of `withSearchIndex`, held to Convex's rules, in the terms of the text index. */
import { jsonToConvex } from "convex/values";
import type { JSONValue } from "convex/values";
import type { TextIndex } from "../store/catalog.ts";
import { filterKey, filterMark, UNFILTERED, wordsOf } from "../store/search-entry.ts";
import type { TextQuery } from "../store/search-tables.ts";
import { encodeKey } from "../values/key.ts";
import type { Key } from "../values/key.ts";
import { isUndefinedJson } from "./index-range.ts";
import { UserError } from "./user-error.ts";

/** More words than these are left out of a search. */
const MAX_WORDS = 16;
const MAX_FILTERS = 8;

/** One condition as the function's `ctx.db` sends it. */
export interface SearchFilter {
  readonly type: "Search" | "Eq";
  readonly fieldPath: string;
  readonly value: JSONValue;
}

export interface Search {
  readonly query: TextQuery;
  /** Every change that may concern the search is written under this key of the index. */
  readonly readKey: Key;
}

/** Throws a UserError when a condition does not fit the index. */
export function compileSearch(
  indexName: string,
  index: TextIndex,
  conditions: readonly SearchFilter[],
): Search {
  const against = `Search query against ${indexName}`;
  const { searchField, filterFields } = index;
  let text: string | null = null;
  const equal: { readonly field: string; readonly value: Key }[] = [];
  for (const { type, fieldPath, value } of conditions) {
    if (type === "Eq") {
      if (!filterFields.includes(fieldPath)) {
        throw new UserError(
          `${against} contains an equality filter on "${fieldPath}" but that field isn't indexed for filtering in \`filterFields\`.`,
        );
      }
      equal.push({ field: fieldPath, value: keyOf(value) });
      continue;
    }
    if (fieldPath !== searchField) {
      throw new UserError(
        `${against} contains a search filter against "${fieldPath}", which doesn't match the indexed \`searchField\` "${searchField}".`,
      );
    }
    if (text !== null) {
      throw new UserError(
        `${against} contains multiple search filters against "${fieldPath}". Only one is allowed.`,
      );
    }
    text = String(value);
  }
  if (text === null) {
    throw new UserError(
      `${against} does not contain any search filters. You must include a search filter like \`q.search("${searchField}", searchText)\`.`,
    );
  }
  if (equal.length > MAX_FILTERS) {
    throw new UserError(
      `${against} has too many filter conditions. Max: ${MAX_FILTERS} Actual: ${equal.length}`,
    );
  }
  const [first] = equal;
  return {
    query: {
      words: wordsOf(text).slice(0, MAX_WORDS),
      filters: equal.map(({ field, value }) => filterMark(index, field, value)),
    },
    readKey: first === undefined ? UNFILTERED : filterKey(first.field, first.value),
  };
}

/** The key of a value that a filter compares with; `{"$undefined": null}` stands for a missing field. */
export function keyOf(value: JSONValue): Key {
  return encodeKey(isUndefinedJson(value) ? undefined : jsonToConvex(value));
}
