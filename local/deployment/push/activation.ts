import type { ConvexObject } from "../values/encoding.ts";
import { readRows } from "../system-rows.ts";
import type { Transaction } from "../transaction/transaction.ts";
import type { AuthProviderConfig } from "./auth-config.ts";
import type { StartedComponent, StartedPush } from "./push.ts";
import type { IndexDiff } from "./schema-diff.ts";

/** What a finished push changed, by name. */
export interface PushDiff {
  readonly auth: Changes;
  /** By component; those that are gone have no more indexes to tell of. */
  readonly components: ReadonlyMap<string, ComponentDiff>;
}

export interface ComponentDiff {
  readonly type: "create" | "modify" | "unmount";
  readonly modules: Changes;
  readonly crons: Changes;
  readonly indexes: IndexDiff;
}

interface Changes {
  readonly added: string[];
  readonly removed: string[];
  readonly updated: string[];
}

/** Between a component's path and a name in it: neither has a line end. */
const SEPARATOR = "\n";
const NO_INDEXES: IndexDiff = { added_indexes: [], removed_indexes: [] };

/** Makes the rows that the functions are loaded from those of the push. */
export function activate(tx: Transaction, push: StartedPush): PushDiff {
  const modules = replaceRows(tx, "_modules", "by_component_and_path", {
    rows: push.components.flatMap((component) =>
      component.modules.map((module) => ({ component: component.mounting.path, ...module })),
    ),
    nameOf: (row) => qualified(row["component"], row["path"]),
  });
  const crons = replaceRows(tx, "_cron_jobs", "by_name", {
    rows: push.components.flatMap(({ mounting, analysis }) =>
      analysis.crons.map(
        (cron) => ({ ...cron, componentPath: mounting.path }) as unknown as ConvexObject,
      ),
    ),
    nameOf: (row) => qualified(row["componentPath"] ?? "", row["name"]),
  });
  const auth = replaceProviders(tx, push.auth);
  const mounted = replaceRows(tx, "_components", "by_path", {
    rows: push.components.map((component) => componentRow(component, push.serverVersion)),
    nameOf: (row) => String(row["path"]),
  });
  return { auth, components: componentDiffs(push, { modules, crons, mounted }) };
}

export function replaceProviders(
  tx: Transaction,
  providers: readonly AuthProviderConfig[],
): Changes {
  return replaceRows(tx, "_auth", "by_creation_time", {
    rows: providers.map((provider) => ({ ...provider })),
    nameOf: (row) => JSON.stringify(row),
  });
}

function componentRow({ mounting, version }: StartedComponent, serverVersion: string) {
  const { path, environment, httpPrefix, httpMounts } = mounting;
  const row = { path, version, serverVersion, environment, httpPrefix, httpMounts };
  return row as unknown as ConvexObject;
}

function componentDiffs(
  push: StartedPush,
  changes: { readonly modules: Changes; readonly crons: Changes; readonly mounted: Changes },
): Map<string, ComponentDiff> {
  const { modules, crons, mounted } = changes;
  const diffs = new Map<string, ComponentDiff>();
  const add = (path: string, type: ComponentDiff["type"], indexes: IndexDiff) =>
    diffs.set(path, { type, modules: within(modules, path), crons: within(crons, path), indexes });
  for (const { mounting, indexDiff } of push.components) {
    const { path } = mounting;
    const isNew = path !== "" && mounted.added.includes(path);
    add(path, isNew ? "create" : "modify", indexDiff);
  }
  for (const path of mounted.removed) add(path, "unmount", NO_INDEXES);
  return diffs;
}

function qualified(component: unknown, name: unknown): string {
  return `${String(component)}${SEPARATOR}${String(name)}`;
}

/** The changes of one component, by its own names. */
function within({ added, removed, updated }: Changes, component: string): Changes {
  const prefix = component + SEPARATOR;
  const own = (names: string[]) =>
    names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  return { added: own(added), removed: own(removed), updated: own(updated) };
}

interface Replacement {
  readonly rows: readonly ConvexObject[];
  readonly nameOf: (row: ConvexObject) => string;
}

/** Makes a table hold exactly these rows, and writes only what differs. */
function replaceRows(
  tx: Transaction,
  table: string,
  index: string,
  { rows, nameOf }: Replacement,
): Changes {
  const wanted = new Map(rows.map((row) => [nameOf(row), row]));
  const changes = { added: [] as string[], removed: [] as string[], updated: [] as string[] };
  for (const { id, value } of readRows(tx, `${table}.${index}`, [])) {
    const { _id, _creationTime, ...fields } = value;
    const name = nameOf(fields);
    const row = wanted.get(name);
    wanted.delete(name);
    if (row === undefined) {
      tx.delete("", id);
      changes.removed.push(name);
    } else if (!sameFields(fields, row)) {
      tx.replace("", id, row);
      changes.updated.push(name);
    }
  }
  for (const [name, row] of wanted) {
    tx.insert("", table, row);
    changes.added.push(name);
  }
  return changes;
}

function sameFields(left: ConvexObject, right: ConvexObject): boolean {
  const sorted = (row: ConvexObject) =>
    JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(left) === sorted(right);
}
