import { resolve } from "node:path";
import { readRows } from "../../system-rows.ts";
import type { Database } from "../../transaction/database.ts";
import type { Transaction } from "../../transaction/transaction.ts";
import {
  APP,
  componentVariables,
  componentVersion,
  demandMounted,
  mountedComponent,
} from "../components.ts";
import { installedVersion } from "./external-packages.ts";
import { FunctionSet } from "./function-set.ts";
import type { FunctionThreads } from "../function-threads.ts";
import type { ModuleSource } from "../isolate/isolate.ts";

/** Of each component a push and the one before it: queries still run on snapshots from before it. */
const KEPT_SETS = 2;

/** More than the CLI pushes. */
const MANY = 1_000_000;

/** A module as it is kept, with the digest by which the CLI knows it. */
export interface PushedModule extends ModuleSource {
  readonly sha256: string;
}

/** The addresses at which the deployment is reached, as functions see them. */
export interface Origins {
  readonly cloud: string;
  readonly site: string;
}

/** What a set of functions is made of. */
export interface FunctionSetParts {
  readonly componentPath: string;
  readonly modules: Iterable<ModuleSource>;
  readonly variables: Readonly<Record<string, string>>;
  readonly httpPrefix: string;
}

/** The pushed functions of each component as of any snapshot, loaded when first needed. */
export class FunctionSets {
  readonly #database: Database;
  readonly #origins: Origins;
  readonly #nodeFolder: string;
  readonly #threads: FunctionThreads;
  /** By component, then by version. */
  readonly #sets = new Map<string, Map<string, FunctionSet>>();

  constructor(database: Database, origins: Origins, nodeFolder: string, threads: FunctionThreads) {
    this.#database = database;
    this.#origins = origins;
    this.#nodeFolder = resolve(nodeFolder);
    this.#threads = threads;
  }

  /**
   * The functions of a component on the transaction's snapshot. That they were these becomes part of
   * what the transaction has read, so that a push re-runs live queries.
   */
  at(tx: Transaction, componentPath: string): FunctionSet {
    const version = componentVersion(tx, componentPath);
    const known = this.#sets.get(componentPath)?.get(version);
    return known ?? this.#load(version, componentPath, tx.snapshotTs);
  }

  /**
   * The functions of the newest durable push.
   *
   * @throws UserError for a component that is not mounted.
   */
  now(componentPath: string): FunctionSet {
    const tx = this.#database.beginRead();
    try {
      demandMounted(tx, componentPath);
      return this.at(tx, componentPath);
    } finally {
      tx.close();
    }
  }

  /** The version of a package that modules of Node's find beside their bundle; null for none. */
  installedVersion(packageName: string): string | null {
    return installedVersion(this.#nodeFolder, packageName);
  }

  /** A set for modules that are about to be pushed. */
  make({ componentPath, modules, variables, httpPrefix }: FunctionSetParts): FunctionSet {
    const environment = this.#environment(variables, httpPrefix);
    return new FunctionSet(componentPath, modules, environment, this.#nodeFolder, this.#threads);
  }

  /** The functions of a component and modules beside them that nobody has pushed. */
  with(tx: Transaction, componentPath: string, modules: readonly ModuleSource[]): FunctionSet {
    return this.make({
      componentPath,
      modules: [...pushedModules(tx, componentPath), ...modules],
      variables: componentVariables(tx, componentPath),
      // The app's own prefix is no part of its address: CONVEX_SITE_URL is the whole site.
      httpPrefix:
        componentPath === APP ? "/" : (mountedComponent(tx, componentPath)?.httpPrefix ?? "/"),
    });
  }

  /** Keeps a set that was made, and loaded, before its push became active. */
  keep(version: string, set: FunctionSet): void {
    const { componentPath } = set;
    let sets = this.#sets.get(componentPath);
    if (sets === undefined) this.#sets.set(componentPath, (sets = new Map()));
    sets.set(version, set);
    for (const old of sets.keys()) {
      if (sets.size <= KEPT_SETS) break;
      sets.delete(old);
    }
  }

  /** What functions see as `process.env`: the variables that were set win over the deployment's own. */
  #environment(
    variables: Readonly<Record<string, string>>,
    httpPrefix: string,
  ): Readonly<Record<string, string>> {
    const { cloud, site } = this.#origins;
    const ownSite = site + httpPrefix.replace(/\/$/, "");
    return Object.freeze({ CONVEX_CLOUD_URL: cloud, CONVEX_SITE_URL: ownSite, ...variables });
  }

  /** Reads beside the transaction: the sources are not what its function reads. */
  #load(version: string, componentPath: string, ts: bigint): FunctionSet {
    const tx = this.#database.beginRead(ts);
    try {
      const set = this.with(tx, componentPath, []);
      this.keep(version, set);
      return set;
    } finally {
      tx.close();
    }
  }
}

export function pushedModules(tx: Transaction, componentPath: string): PushedModule[] {
  const where = [{ type: "Eq", fieldPath: "component", value: componentPath }] as const;
  return readRows(tx, "_modules.by_component_and_path", where, MANY).map(
    (row) => row.value as unknown as PushedModule,
  );
}
