import type { Binding } from "../functions/components.ts";
import { FunctionFailure, failureOf } from "../functions/failure.ts";
import { Isolate, type ModuleSource } from "../functions/isolate/isolate.ts";
import { SourceMaps } from "../functions/modules/source-maps.ts";
import { evaluating, pushError } from "./push-error.ts";
import type { PushedSource, PushRequest } from "./push-request.ts";

/** What a `convex.config.ts` declares: what the official library's `export()` gives. */
export interface DefinitionMetadata {
  readonly definitionType: { readonly type: string; readonly name?: string };
  readonly childComponents: readonly {
    readonly name: string;
    /** Of the child's definition. */
    readonly path: string;
    readonly env: readonly (readonly [string, Binding])[] | null;
  }[];
  /** From an address prefix to a reference to a child. */
  readonly httpMounts: Readonly<Record<string, string>>;
  readonly httpPrefix?: string;
  readonly envVars?: readonly (readonly [string, { readonly optional?: boolean }])[];
}

/** A component's definition, as the folder that holds it declares it. */
export interface Definition {
  /** The folder, from the app's own on; "" is the app. */
  readonly path: string;
  readonly metadata: DefinitionMetadata;
  readonly schema: PushedSource | null;
  /** What the component's functions are made of; the app's come apart. */
  readonly functions: readonly PushedSource[];
}

const NO_COMPONENTS: DefinitionMetadata = {
  definitionType: { type: "app" },
  childComponents: [],
  httpMounts: {},
};

/**
 * Evaluates the definitions of the app and of the components that it uses, each after those that it
 * imports, and gives them by path.
 *
 * @throws HttpError, with the author's mistake in words
 */
export async function readDefinitions(
  { appDefinition, componentDefinitions }: PushRequest,
  environment: Readonly<Record<string, string>>,
): Promise<Map<string, Definition>> {
  const pushed = new Map(componentDefinitions.map((one) => [one.definitionPath, one]));
  const known = new Map<string, Definition>();

  const read = async (path: string, importers: readonly string[]): Promise<Definition> => {
    const found = known.get(path);
    if (found !== undefined) return found;
    const component = pushed.get(path);
    if (component === undefined || importers.includes(path)) {
      throw pushError("InvalidComponent", `The push has no component definition "${path}".`);
    }
    const { definition, dependencies, schema, functions } = component;
    const imports = await readAll(dependencies, [...importers, path]);
    const metadata = await evaluate(definition, path, imports, environment);
    const read: Definition = { path, metadata, schema, functions };
    known.set(path, read);
    return read;
  };
  const readAll = async (paths: readonly string[], importers: readonly string[]) => {
    const definitions: Definition[] = [];
    for (const path of paths) definitions.push(await read(path, importers));
    return definitions;
  };

  const { definition, dependencies = [], schema } = appDefinition;
  const imports = await readAll(dependencies, [""]);
  const metadata =
    definition === null ? NO_COMPONENTS : await evaluate(definition, "", imports, environment);
  return new Map([["", { path: "", metadata, schema, functions: [] }], ...known]);
}

async function evaluate(
  definition: PushedSource,
  path: string,
  imports: readonly Definition[],
  environment: Readonly<Record<string, string>>,
): Promise<DefinitionMetadata> {
  const modules: ModuleSource[] = [definition, ...imports.map(importedDefinition)];
  const sources = new Map(modules.map((module) => [module.path, module]));
  const what = path === "" ? definition.path : `${path}/${definition.path}`;
  return evaluating(what, async () => {
    try {
      const { default: exported } = await new Isolate(sources, environment).load(definition.path);
      const { export: metadata } = (exported ?? {}) as { export?: () => DefinitionMetadata };
      if (metadata !== undefined) return metadata.call(exported);
    } catch (error) {
      throw failureOf(error, new SourceMaps(sources));
    }
    throw new FunctionFailure(
      "The default export of `convex.config.ts` must be made by `defineApp()` or `defineComponent()`.",
    );
  });
}

/** What a definition gets when it imports another: the CLI leaves this module to the deployment. */
function importedDefinition({ path, metadata }: Definition): ModuleSource {
  const imported = {
    componentDefinitionPath: path,
    defaultName: metadata.definitionType.name,
  };
  return {
    path: `_componentDeps/${Buffer.from(path).toString("base64url")}`,
    environment: "isolate",
    source: `export default ${JSON.stringify(imported)};`,
  };
}
