import { readRows } from "../system-rows.ts";
import { remembered } from "../transaction/remembered.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { UserError } from "../transaction/user-error.ts";

/** The path of the app itself among the components. */
export const APP = "";

/** Where the value of a component's environment variable comes from. */
export type Binding =
  | { readonly type: "value"; readonly value: string }
  /** A variable of the component that mounts it. */
  | { readonly type: "envVar"; readonly name: string };

/** An address prefix (it begins and ends with a slash) under which a component answers requests. */
export interface HttpMount {
  readonly prefix: string;
  readonly componentPath: string;
}

/** What a component is mounted with. "" is the app itself, "a/b" is mounted as "b" by "a". */
export interface MountedComponent {
  readonly path: string;
  /** Names the modules and the variables that are active; "" before the first push. */
  readonly version: string;
  readonly environment: readonly (readonly [name: string, binding: Binding])[];
  /** The address prefix of everything that the component and its children answer. */
  readonly httpPrefix: string;
  readonly httpMounts: readonly HttpMount[];
}

/** The component at a path, as the last push left it; null when none is mounted there. */
export function mountedComponent(tx: Transaction, path: string): MountedComponent | null {
  return remembered(tx, "_components", path, () => readMounted(tx, path));
}

function readMounted(tx: Transaction, path: string): MountedComponent | null {
  const where = [{ type: "Eq", fieldPath: "path", value: path }] as const;
  const [row] = readRows(tx, "_components.by_path", where, 1);
  if (row === undefined) return null;
  const { version, environment, httpPrefix, httpMounts } =
    row.value as unknown as Partial<MountedComponent>;
  return {
    path,
    version: version ?? "",
    environment: environment ?? [],
    httpPrefix: httpPrefix ?? "/",
    httpMounts: httpMounts ?? [],
  };
}

/** The paths of all that is mounted, the app first. */
export function mountedPaths(tx: Transaction): string[] {
  return readRows(tx, "_components.by_path", []).map(({ value }) => value["path"] as string);
}

/** @throws UserError for a path at which nothing is mounted. */
export function demandMounted(tx: Transaction, path: string): void {
  if (path === APP || mountedComponent(tx, path) !== null) return;
  throw new UserError(`No component is mounted at "${path}".`);
}

export function childPath(parent: string, name: string): string {
  return parent === APP ? name : `${parent}/${name}`;
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? APP : path.slice(0, slash);
}

/** The variables that a component declares, with the values that its mounting gives them. */
export function boundVariables(
  environment: MountedComponent["environment"],
  parent: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    environment.flatMap(([name, binding]) => {
      const value = binding.type === "value" ? binding.value : parent[binding.name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The variables of a component: the app has those that were set, others what they were given. */
export function componentVariables(tx: Transaction, path: string): Record<string, string> {
  if (path === APP) return environmentVariables(tx);
  const { environment = [] } = mountedComponent(tx, path) ?? {};
  const needsParent = environment.some(([, { type }]) => type === "envVar");
  return boundVariables(environment, needsParent ? componentVariables(tx, parentOf(path)) : {});
}

/** More variables than may be set. */
const MANY = 1_000_000;

export function environmentVariables(tx: Transaction): Record<string, string> {
  return Object.fromEntries(
    readRows(tx, "_environment_variables.by_name", [], MANY).map(({ value }) => [
      value["name"] as string,
      value["value"] as string,
    ]),
  );
}

/**
 * Names the modules and the variables of a component; "" when there are none. A variable that comes
 * from above changes with the app's own version.
 */
export function componentVersion(tx: Transaction, path: string): string {
  const component = mountedComponent(tx, path);
  if (component === null) return "";
  const { version, environment } = component;
  const isBound = environment.some(([, { type }]) => type === "envVar");
  return isBound ? `${version} ${mountedComponent(tx, APP)?.version ?? ""}` : version;
}

/** Every reader of the functions reads this row, so that a new version re-runs what it runs. */
export function setVersion(tx: Transaction, version: string): void {
  const where = [{ type: "Eq", fieldPath: "path", value: APP }] as const;
  const [row] = readRows(tx, "_components.by_path", where, 1);
  if (row === undefined) tx.insert("", "_components", { path: APP, version });
  else if (row.value["version"] !== version) tx.patch("", row.id, { version });
}
