import type { ComponentDiff, PushDiff } from "./activation.ts";
import type { ComponentAnalysis } from "./analysis.ts";
import type { Mounting } from "./mounting.ts";
import { pushError } from "./push-error.ts";
import type { StartedComponent, StartedPush } from "./push.ts";

/** What `start_push` answers; from it the CLI generates `convex/_generated`. */
export function startAnswer(push: StartedPush): unknown {
  const byPath = new Map(push.components.map((component) => [component.mounting.path, component]));
  const definitions = push.components.map((component) => [
    component.mounting.definition.path,
    definitionAnswer(component, push.serverVersion),
  ]);
  return {
    environmentVariables: push.variables,
    externalDepsId: null,
    componentDefinitionPackages: {},
    appAuth: push.auth.map((provider) => ({ applicationID: null, ...provider })),
    analysis: Object.fromEntries(definitions) as unknown,
    app: mountingAnswer(push.components[0]!.mounting, byPath),
    schemaChange: schemaChange(push),
  };
}

function definitionAnswer(component: StartedComponent, serverVersion: string): unknown {
  const { mounting, analysis, schema } = component;
  const { path, metadata } = mounting.definition;
  const { definitionType, childComponents, httpMounts, envVars } = metadata;
  const isApp = definitionType.type === "app";
  return {
    definition: {
      path,
      definitionType,
      childComponents,
      httpMounts,
      exports: isApp ? { type: "branch", branch: [] } : exportsOf(analysis),
      ...(envVars !== undefined && { envVars }),
    },
    schema: schema === null ? null : (JSON.parse(schema) as unknown),
    functions: analysis.functions,
    udfConfig: {
      serverVersion,
      importPhaseRngSeed: { $bytes: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" },
      importPhaseUnixTimestamp: { $integer: "AAAAAAAAAAA=" },
    },
  };
}

type Exports =
  | { readonly type: "leaf"; readonly leaf: string }
  | { readonly type: "branch"; readonly branch: [string, Exports][] };

/** What a component shows to the one that mounts it: its public functions, as a tree of names. */
function exportsOf({ functions }: ComponentAnalysis): Exports {
  const root: [string, Exports][] = [];
  for (const [module, { functions: ofModule }] of Object.entries(functions)) {
    const path = module.replace(/\.js$/, "");
    for (const { name, visibility } of ofModule) {
      if (visibility.kind !== "public") continue;
      const branch = branchAt(root, path.split("/"));
      branch.push([name, { type: "leaf", leaf: `_reference/function/${path}:${name}` }]);
    }
  }
  return { type: "branch", branch: root };
}

function branchAt(branch: [string, Exports][], names: readonly string[]): [string, Exports][] {
  let at = branch;
  for (const name of names) {
    let next = at.find(([known, { type }]) => known === name && type === "branch")?.[1];
    if (next === undefined) at.push([name, (next = { type: "branch", branch: [] })]);
    at = (next as Exports & { type: "branch" }).branch;
  }
  return at;
}

function mountingAnswer(
  mounting: Mounting,
  components: ReadonlyMap<string, StartedComponent>,
): unknown {
  const { path, definition, children, httpMounts } = mounting;
  return {
    definitionPath: definition.path,
    componentPath: path,
    args: {},
    childComponents: Object.fromEntries(
      children.map(([name, child]) => [name, mountingAnswer(child, components)]),
    ),
    httpRoutes: {
      httpModuleRoutes: components.get(path)!.analysis.routes,
      mounts: httpMounts.map(({ prefix }) => prefix),
    },
    exports: {},
  };
}

/** The CLI hands this back as it came: the app's schema id tells which push it belongs to. */
export function schemaChange({ id, components }: StartedPush): unknown {
  return {
    allocatedComponentIds: {},
    schemaIds: { "": id },
    indexDiffs: Object.fromEntries(
      components.map(({ mounting, indexDiff }) => [mounting.path, indexDiff]),
    ),
  };
}

/** @throws HttpError when the body does not name a push. */
export function pushId(change: unknown): string {
  const ids = (change as { schemaIds?: Record<string, unknown> } | undefined)?.schemaIds;
  const id = ids?.[""];
  if (typeof id === "string") return id;
  throw pushError("BadPush", "The body names no started push.");
}

export function finishAnswer({ auth, components }: PushDiff): unknown {
  return {
    authDiff: { added: auth.added, removed: auth.removed },
    definitionDiffs: {},
    componentDiffs: Object.fromEntries(
      [...components].map(([path, diff]) => [path, componentAnswer(diff)]),
    ),
  };
}

function componentAnswer({ type, modules, crons, indexes }: ComponentDiff): unknown {
  return {
    diffType: { type },
    moduleDiff: { added: modules.added, removed: modules.removed },
    udfConfigDiff: null,
    cronDiff: { added: crons.added, updated: crons.updated, deleted: crons.removed },
    indexDiff: indexes,
    schemaDiff: null,
  };
}
