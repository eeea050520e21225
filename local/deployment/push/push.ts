import { createHash, randomUUID } from "node:crypto";
import { APP, componentVersion, environmentVariables } from "../functions/components.ts";
import type { FunctionSet } from "../functions/modules/function-set.ts";
import {
  type FunctionSets,
  type PushedModule,
  pushedModules,
} from "../functions/modules/function-sets.ts";
import type { SchemaJson } from "../store/catalog-file.ts";
import { readDurable } from "../system-rows.ts";
import type { Database } from "../transaction/database.ts";
import { activateSchema, type PendingSchema, prepareSchema } from "../transaction/schema.ts";
import { checkSchemaRules } from "../transaction/schema-rules.ts";
import { UserError } from "../transaction/user-error.ts";
import { activate, type PushDiff } from "./activation.ts";
import { analyzeComponent, asFailure, type ComponentAnalysis } from "./analysis.ts";
import { type AuthProviderConfig, readAuthConfig } from "./auth-config.ts";
import { readDefinitions } from "./definitions.ts";
import { flatten, mountAll, type Mounting } from "./mounting.ts";
import { evaluating, pushError } from "./push-error.ts";
import { checkModules } from "./module-limits.ts";
import { demandExternalPackages } from "./push-request.ts";
import type { PushedSource, PushRequest } from "./push-request.ts";
import { indexDiff, type IndexDiff } from "./schema-diff.ts";

const SCHEMA_MODULE = "schema.js";
/** A push that nobody finishes is given up when this many newer ones have come. */
const KEPT_PUSHES = 4;

/** The app or a component of it, loaded and analysed. */
export interface StartedComponent {
  readonly mounting: Mounting;
  readonly modules: readonly PushedModule[];
  readonly set: FunctionSet;
  readonly version: string;
  readonly analysis: ComponentAnalysis;
  /** The JSON of `schema.export()`; null without a schema. */
  readonly schema: string | null;
  readonly indexDiff: IndexDiff;
}

/** A push between `start_push` and `finish_push`: loaded and analysed, not active. */
export interface StartedPush {
  readonly id: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly auth: readonly AuthProviderConfig[];
  readonly serverVersion: string;
  /** The app first. */
  readonly components: readonly StartedComponent[];
}

export type SchemaOutcome =
  | { readonly type: "complete" }
  | {
      readonly type: "failed";
      readonly error: string;
      readonly componentPath: string;
      readonly tableName: string | null;
    };

interface Pending {
  readonly push: StartedPush;
  schemas: Promise<PendingSchema[]> | null;
}

/** A component's documents do not fit its new schema. */
class SchemaRefusedError extends Error {
  readonly componentPath: string;

  constructor(componentPath: string, message: string) {
    super(message);
    this.componentPath = componentPath;
  }
}

/** Brings functions in: first loads and checks them beside the running ones, then switches at once. */
export class Pushes {
  readonly #database: Database;
  readonly #sets: FunctionSets;
  readonly #pending = new Map<string, Pending>();
  /** Each component as it was loaded last: the CLI asks what a push would change, then pushes it. */
  readonly #loaded = new Map<string, StartedComponent>();

  constructor(database: Database, sets: FunctionSets) {
    this.#database = database;
    this.#sets = sets;
  }

  /**
   * Loads and analyses what the CLI sent. Nothing of it is active yet.
   *
   * @throws HttpError, with the author's mistake in words
   */
  async start(request: PushRequest): Promise<StartedPush> {
    demandExternalPackages(request, (name) => this.#sets.installedVersion(name));
    const { active, variables } = this.#current();
    const appModules = assembleModules(request, active);
    checkModules(appModules);
    const definitions = await readDefinitions(request, variables);
    const mountings = flatten(mountAll(definitions, variables));
    const app = await this.#load(mountings[0]!, appModules);
    const auth = await readAuthConfig(app.set, appModules, "The pushed auth config is invalid");
    const components = [app];
    for (const mounting of mountings.slice(1)) {
      const { schema, functions } = mounting.definition;
      const sources = schema === null ? functions : [schema, ...functions];
      components.push(await this.#load(mounting, sources.map(asModule)));
    }
    const serverVersion = request.appDefinition.udfServerVersion;
    const push: StartedPush = { id: randomUUID(), variables, auth, serverVersion, components };
    if (!request.dryRun) this.#remember({ push, schemas: null });
    return push;
  }

  /** Checks every stored document against the push's schemas and builds their indexes. */
  async waitForSchema(id: string): Promise<SchemaOutcome> {
    try {
      await this.#schemasOf(this.#find(id));
      return { type: "complete" };
    } catch (error) {
      if (!(error instanceof SchemaRefusedError)) throw error;
      this.#pending.delete(id);
      const { message, componentPath } = error;
      const tableName = / in table "(\w+)"/.exec(message)?.[1] ?? null;
      return { type: "failed", error: message, componentPath, tableName };
    }
  }

  /**
   * Makes the push active in one commit: modules, schemas, components, providers, cron jobs.
   *
   * @throws HttpError when the variables that it was loaded under have changed since, or a document
   * written since breaks a schema
   */
  async finish(id: string): Promise<PushDiff> {
    const pending = this.#find(id);
    const { push } = pending;
    const schemas = await this.#schemasOf(pending).catch(asPushError);
    try {
      const { diff, versions } = await this.#database.write((tx) => {
        assertSameVariables(push.variables, environmentVariables(tx));
        for (const schema of schemas) activateSchema(tx, schema);
        const diff = activate(tx, push);
        const paths = push.components.map(({ mounting }) => mounting.path);
        return { diff, versions: paths.map((path) => componentVersion(tx, path)) };
      });
      for (const [at, { set }] of push.components.entries()) this.#sets.keep(versions[at]!, set);
      return diff;
    } catch (error) {
      for (const schema of schemas) await schema.abandon();
      return asPushError(error);
    } finally {
      this.#pending.delete(id);
    }
  }

  #current(): { active: PushedModule[]; variables: Record<string, string> } {
    return readDurable(this.#database, (tx) => ({
      active: pushedModules(tx, APP),
      variables: environmentVariables(tx),
    }));
  }

  async #load(mounting: Mounting, modules: readonly PushedModule[]): Promise<StartedComponent> {
    const { path: componentPath, variables, environment, definition, httpPrefix } = mounting;
    const isApp = componentPath === APP;
    const version = versionOf(modules, isApp ? variables : [environment, httpPrefix]);
    const diffOf = (schema: string | null) =>
      indexDiff(this.#database.catalog.schema(componentPath) ?? null, schema);
    const known = this.#loaded.get(componentPath);
    if (known?.version === version) {
      return { ...known, mounting, indexDiff: diffOf(known.schema) };
    }
    const set = this.#sets.make({
      componentPath,
      modules,
      variables,
      httpPrefix: isApp ? "/" : httpPrefix,
    });
    const schema = await readSchema(set);
    const analysis = await analyzeComponent(set, definition.path);
    const component = {
      mounting,
      modules,
      set,
      version,
      analysis,
      schema,
      indexDiff: diffOf(schema),
    };
    this.#loaded.set(componentPath, component);
    return component;
  }

  #schemasOf(pending: Pending): Promise<PendingSchema[]> {
    pending.schemas ??= this.#prepareSchemas(pending.push);
    return pending.schemas;
  }

  async #prepareSchemas({ components }: StartedPush): Promise<PendingSchema[]> {
    const prepared: PendingSchema[] = [];
    for (const { mounting, schema } of components) {
      try {
        prepared.push(await prepareSchema(this.#database, mounting.path, schema));
      } catch (error) {
        for (const other of prepared) await other.abandon();
        if (!(error instanceof UserError)) throw error;
        throw new SchemaRefusedError(mounting.path, error.message);
      }
    }
    return prepared;
  }

  #remember(pending: Pending): void {
    this.#pending.set(pending.push.id, pending);
    const [oldest] = this.#pending.values();
    if (this.#pending.size <= KEPT_PUSHES || oldest === undefined) return;
    this.#pending.delete(oldest.push.id);
    // Its failure is its own caller's to hear.
    void oldest.schemas?.then(abandonAll).catch(() => undefined);
  }

  #find(id: string): Pending {
    const found = this.#pending.get(id);
    if (found !== undefined) return found;
    throw pushError("PushNotFound", "This push was finished or given up. Push again.");
  }
}

async function abandonAll(schemas: readonly PendingSchema[]): Promise<void> {
  for (const schema of schemas) await schema.abandon();
}

function asPushError(error: unknown): never {
  const isRefusal = error instanceof UserError || error instanceof SchemaRefusedError;
  throw isRefusal ? pushError("SchemaNotValid", error.message) : error;
}

/** The app's own modules: what the CLI sent, and what it knows to be here already. */
function assembleModules(request: PushRequest, active: readonly PushedModule[]): PushedModule[] {
  const { definition, schema, changedModules, unchangedModuleHashes } = request.appDefinition;
  const known = new Map(active.map((module) => [module.path, module]));
  const sent = [definition, schema, ...changedModules].filter((module) => module !== null);
  const kept = unchangedModuleHashes.map(({ path, sha256 }) => {
    const module = known.get(path);
    if (module?.sha256 === sha256) return module;
    throw pushError("ModuleNotFound", `The module ${path} changed meanwhile. Push again.`);
  });
  return [...kept.map(asKept), ...sent.map(asModule)];
}

/** Only what a module is made of: its row has more. */
function asKept({ path, environment, source, sourceMap, sha256 }: PushedModule): PushedModule {
  return { path, environment, source, ...(sourceMap !== undefined && { sourceMap }), sha256 };
}

function asModule({ path, source, sourceMap, environment }: PushedSource): PushedModule {
  return {
    path,
    environment,
    source,
    ...(sourceMap !== undefined && { sourceMap }),
    sha256: digestOf(source, sourceMap),
  };
}

/** As the CLI makes it, which sends only modules whose digest differs. */
function digestOf(source: string, sourceMap = ""): string {
  return createHash("sha256").update(source).update(sourceMap).digest("hex");
}

async function readSchema(set: FunctionSet): Promise<string | null> {
  if (!set.has(SCHEMA_MODULE)) return null;
  const { default: schema } = (await evaluating(SCHEMA_MODULE, () =>
    asFailure(set, () => set.load(SCHEMA_MODULE)),
  )) as { default?: { export?: () => string } };
  if (schema?.export === undefined) {
    throw pushError(
      "InvalidSchema",
      "The default export of `schema.ts` must be made by `defineSchema()`.",
    );
  }
  const json = schema.export();
  try {
    checkSchemaRules(JSON.parse(json) as SchemaJson);
  } catch (error) {
    throw error instanceof UserError ? pushError("InvalidSchema", error.message) : error;
  }
  return json;
}

function assertSameVariables(
  then: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): void {
  if (JSON.stringify(then) === JSON.stringify(now)) return;
  throw pushError(
    "RaceDetected",
    "The environment variables changed while the functions were being pushed. Push again.",
  );
}

/** The same code under the same settings is the same version: nobody has to run anything again. */
function versionOf(modules: readonly PushedModule[], settings: unknown): string {
  const digests = modules.map(({ path, environment, sha256 }) => [path, environment, sha256]);
  digests.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([digests, settings]))
    .digest("hex");
}
