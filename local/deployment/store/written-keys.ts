/** Which keys of which indexes a commit writes. */
import type { Key } from "../values/key.ts";
import type { DocumentChange } from "./commit-log.ts";
import { searchKeys } from "./search-entry.ts";

/** Adds the keys, old and new, under which the change is found, by index. */
export function collectWrites(change: DocumentChange, writes: Map<number, Key[]>): void {
  for (const [at, index] of change.table.indexes.entries()) {
    const from = change.beforeKeys[at];
    const to = change.afterKeys[at];
    if (from !== undefined) addWrite(writes, index.id, from);
    if (to !== undefined && to !== from) addWrite(writes, index.id, to);
  }
  for (const index of change.table.searchIndexes) {
    if (index.kind !== "text") continue;
    const docs = [change.before, change.after].filter((doc) => doc !== null);
    for (const key of new Set(docs.flatMap((doc) => searchKeys(index, doc)))) {
      addWrite(writes, index.id, key);
    }
  }
}

export function addWrite(writes: Map<number, Key[]>, indexId: number, key: Key): void {
  const keys = writes.get(indexId);
  if (keys) keys.push(key);
  else writes.set(indexId, [key]);
}
