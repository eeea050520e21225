import { byId } from "../store/catalog.ts";
import type { Store } from "../store/store.ts";
import type { Transaction } from "./transaction.ts";
import { WHOLE_INDEX } from "./index-range.ts";

interface Found {
  /** The snapshot that it was found on. */
  readonly ts: bigint;
  readonly value: unknown;
}

/** What was found in the deployment's own tables, kept until a commit changes the table. */
const found = new WeakMap<Store, Map<string, Found>>();

/**
 * What `read` finds on the transaction's snapshot in one of the deployment's own tables, of which it
 * may read nothing else. For what every call asks and hardly anything changes. The whole table
 * counts as read.
 *
 * @param key names what is asked for.
 */
export function remembered<T>(tx: Transaction, tableName: string, key: string, read: () => T): T {
  const { store, snapshotTs, staged } = tx;
  const table = tx.tables.table("", tableName);
  if (table === undefined || staged?.index(byId(table).id) !== undefined) return read();
  const changedAt = store.changedAt(table);
  if (changedAt > snapshotTs) return read();
  const slot = `${tableName} ${key}`;
  const known = memoryOf(store).get(slot);
  if (known === undefined || known.ts < changedAt) {
    const value = read();
    memoryOf(store).set(slot, { ts: snapshotTs, value });
    return value;
  }
  tx.readSet.open(byId(table).id, WHOLE_INDEX);
  return known.value as T;
}

function memoryOf(store: Store): Map<string, Found> {
  let memory = found.get(store);
  if (memory === undefined) found.set(store, (memory = new Map()));
  return memory;
}
