import { APP, boundVariables, childPath, type HttpMount } from "../functions/components.ts";
import type { MountedComponent } from "../functions/components.ts";
import type { Definition } from "./definitions.ts";
import { pushError } from "./push-error.ts";

/** A component of the app that is being pushed, and where it is mounted. */
export interface Mounting extends Omit<MountedComponent, "version"> {
  readonly definition: Definition;
  /** What its functions see as their variables. */
  readonly variables: Readonly<Record<string, string>>;
  /** By the names under which this component mounts them. */
  readonly children: readonly (readonly [name: string, mounting: Mounting])[];
}

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/**
 * The tree of all components, from the app down.
 *
 * @throws HttpError when a mounting names what is not there, or one name twice.
 */
export function mountAll(
  definitions: ReadonlyMap<string, Definition>,
  variables: Readonly<Record<string, string>>,
): Mounting {
  const app = definitions.get(APP)!;
  const place = { path: APP, httpPrefix: app.metadata.httpPrefix ?? "/", environment: [] };
  return mount(definitions, app, place, variables);
}

/** The components of a tree, each before those that it mounts. */
export function flatten(mounting: Mounting): Mounting[] {
  return [mounting, ...mounting.children.flatMap(([, child]) => flatten(child))];
}

function mount(
  definitions: ReadonlyMap<string, Definition>,
  definition: Definition,
  place: Pick<Mounting, "path" | "httpPrefix" | "environment">,
  variables: Readonly<Record<string, string>>,
): Mounting {
  const { path, httpPrefix } = place;
  const httpMounts = httpMountsOf(definition, path);
  const names = new Set<string>();
  const children = definition.metadata.childComponents.map((child) => {
    const { name, env } = child;
    if (!NAME.test(name) || names.has(name)) {
      throw pushError(
        "InvalidComponentName",
        `"${name}" cannot be the name of a component in "${path}": a name begins with a letter, has letters, digits and underscores, and is used once.`,
      );
    }
    names.add(name);
    const ownPath = childPath(path, name);
    const prefix = httpMounts.find(({ componentPath }) => componentPath === ownPath)?.prefix;
    const childDefinition = demand(definitions, child.path);
    const environment = env ?? [];
    const bound = boundVariables(environment, variables);
    demandVariables(childDefinition, ownPath, bound);
    const childPlace = {
      path: ownPath,
      httpPrefix: prefix === undefined ? "/" : httpPrefix + prefix.slice(1),
      environment,
    };
    return [name, mount(definitions, childDefinition, childPlace, bound)] as const;
  });
  return { ...place, definition, variables, httpMounts, children };
}

function httpMountsOf(definition: Definition, path: string): HttpMount[] {
  return Object.entries(definition.metadata.httpMounts).map(([prefix, reference]) => ({
    prefix,
    componentPath: childPath(path, reference.split("/").pop()!),
  }));
}

function demand(definitions: ReadonlyMap<string, Definition>, path: string): Definition {
  const found = definitions.get(path);
  if (found !== undefined) return found;
  throw pushError("InvalidComponent", `The push has no component definition "${path}".`);
}

function demandVariables(
  { metadata }: Definition,
  path: string,
  bound: Readonly<Record<string, string>>,
): void {
  for (const [name, { optional }] of metadata.envVars ?? []) {
    if (optional || bound[name] !== undefined) continue;
    throw pushError(
      "ComponentMissingEnvironmentVariable",
      `The component "${path}" needs a value for its environment variable ${name}.`,
    );
  }
}
