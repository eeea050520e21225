import type { FunctionKind } from "../functions/call.ts";
import { failureOf } from "../functions/failure.ts";
import { formatFunctionPath, parseFunctionPath } from "../functions/modules/function-path.ts";
import type { FunctionSet } from "../functions/modules/function-set.ts";
import { loadRouter } from "../functions/http-actions.ts";
import type { RegisteredFunction } from "../functions/modules/registered-function.ts";
import { type CronSchedule, scheduleFault } from "../scheduler/cron-schedule.ts";
import { evaluating, pushError } from "./push-error.ts";

const UDF_TYPES: Readonly<Record<FunctionKind, string>> = {
  query: "Query",
  mutation: "Mutation",
  action: "Action",
};

/** A cron job as `crons.ts` declares it. */
export interface CronSpec {
  readonly name: string;
  /** `dir/module.js:name` */
  readonly function: string;
  /** One encoded object. */
  readonly args: readonly unknown[];
  readonly schedule: Readonly<Record<string, unknown>>;
}

export interface AnalyzedModule {
  readonly functions: readonly {
    readonly name: string;
    readonly pos: null;
    readonly udfType: string;
    readonly visibility: { readonly kind: "public" | "internal" };
    readonly args: string;
    readonly returns: string;
  }[];
  readonly httpRoutes: unknown;
  readonly cronSpecs: unknown;
  readonly sourceMapped: null;
}

export interface ComponentAnalysis {
  readonly functions: Readonly<Record<string, AnalyzedModule>>;
  readonly crons: readonly CronSpec[];
  /** Null without an `http.ts`. */
  readonly routes: readonly { readonly method: string; readonly path: string }[] | null;
}

/**
 * Loads every module of a component once and says what it exports.
 *
 * @param folder of the component's definition, for messages; "" for the app's own.
 * @throws HttpError, for the CLI to print, when one does not load.
 */
export async function analyzeComponent(
  set: FunctionSet,
  folder: string,
): Promise<ComponentAnalysis> {
  const nameOf = (module: string) => (folder === "" ? module : `${folder}/${module}`);
  const functions: Record<string, AnalyzedModule> = {};
  for (const module of set.callableModules()) {
    functions[module] = await evaluating(nameOf(module), () => analyzeModule(set, module));
  }
  const crons = await evaluating(nameOf("crons.js"), () => readCrons(set));
  const router = await evaluating(nameOf("http.js"), () => loadRouter(set));
  const routes = router?.getRoutes().map(([path, method]) => ({ method, path })) ?? null;
  for (const cron of crons) {
    demandSchedule(cron);
    await demandFunction(set, cron);
  }
  return { functions, crons, routes };
}

async function analyzeModule(set: FunctionSet, module: string): Promise<AnalyzedModule> {
  const functions = await asFailure(set, () => set.functionsOf(module));
  if (set.environmentOf(module) === "node") functions.forEach(demandNodeAction);
  return {
    functions: functions.map(({ path, kind, visibility, argsJson, returnsJson }) => ({
      name: path.name,
      pos: null,
      udfType: UDF_TYPES[kind],
      visibility: { kind: visibility },
      args: argsJson,
      returns: returnsJson,
    })),
    httpRoutes: null,
    cronSpecs: null,
    sourceMapped: null,
  };
}

/** Node's runtime has no transaction. The words are Convex's. */
function demandNodeAction({ path, kind }: RegisteredFunction): void {
  if (kind === "action") return;
  throw new Error(
    `\`${path.name}\` defined in \`${path.module}\` is a ${UDF_TYPES[kind]} function. Only actions can be defined in Node.js. See https://docs.convex.dev/functions/actions for more details.`,
  );
}

async function readCrons(set: FunctionSet): Promise<CronSpec[]> {
  if (!set.has("crons.js")) return [];
  const { default: crons } = (await asFailure(set, () => set.load("crons.js"))) as {
    default?: { isCrons?: boolean; export?: () => string };
  };
  if (crons?.isCrons !== true || crons.export === undefined) {
    throw new Error("The default export of `crons.ts` must be made by `cronJobs()`.");
  }
  type Exported = { name: string; args: unknown[]; schedule: Record<string, unknown> };
  const jobs = JSON.parse(crons.export()) as Record<string, Exported>;
  return Object.entries(jobs).map(([name, job]) => ({
    name,
    function: formatFunctionPath(parseFunctionPath(job.name)),
    args: job.args,
    schedule: job.schedule,
  }));
}

function demandSchedule({ name, schedule }: CronSpec): void {
  const fault = scheduleFault(schedule as CronSchedule);
  if (fault === null) return;
  throw pushError("InvalidCron", `The schedule of the cron job "${name}" is invalid: ${fault}.`);
}

async function demandFunction(set: FunctionSet, cron: CronSpec): Promise<void> {
  const found = await set.find(parseFunctionPath(cron.function));
  if (found !== null && found.kind !== "query") return;
  throw pushError(
    "InvalidCron",
    `The cron job "${cron.name}" calls ${cron.function}, which is no mutation or action.`,
  );
}

/** What a module throws while it loads, with places in its own source. */
export async function asFailure<T>(set: FunctionSet, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw failureOf(error, set.sourceMaps);
  }
}
