import { randomUUID } from "node:crypto";
import { HttpError, readJsonObject } from "../server/http.ts";
import type { Route } from "../server/router.ts";
import {
  APP,
  componentVersion,
  environmentVariables,
  setVersion,
} from "../functions/components.ts";
import { type FunctionSets, pushedModules } from "../functions/modules/function-sets.ts";
import { replaceProviders } from "../push/activation.ts";
import { readAuthConfig } from "../push/auth-config.ts";
import { readDurable, readRows } from "../system-rows.ts";
import type { Database } from "../transaction/database.ts";
import type { Transaction } from "../transaction/transaction.ts";

/** Convex's limits on environment variables. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const MAX_NAME_LENGTH = 256;
const MAX_VALUE_BYTES = 8 * 1024;
const MAX_VARIABLES = 512;
/** The deployment's own, in every function; `--cloud-origin` and `--site-origin` change them. */
const SYSTEM_VARIABLES = new Set(["CONVEX_CLOUD_URL", "CONVEX_SITE_URL"]);
const MAX_BODY_BYTES = 8 * 1024 * 1024;

interface Change {
  readonly name: string;
  /** Null removes the variable. */
  readonly value: string | null;
}

/**
 * `npx convex env set` and `remove`: all changes of one request, or none. Providers of sign-in may
 * be made of variables, so they change in the same commit, or refuse the change.
 */
export function environmentRoutes(database: Database, sets: FunctionSets): Route[] {
  return [
    {
      method: "POST",
      path: "/api/update_environment_variables",
      admin: true,
      handler: async (request, response) => {
        const { changes } = await readJsonObject(request, MAX_BODY_BYTES);
        if (!Array.isArray(changes)) {
          throw new HttpError(400, "BadJsonBody", "The body has no list of changes.");
        }
        const wanted = changes.map(asChange);
        while (!(await update(database, sets, wanted)));
        response.writeHead(200).end();
      },
    },
  ];
}

function asChange(change: unknown): Change {
  const { name, value } = (change ?? {}) as { name?: unknown; value?: unknown };
  if (typeof name !== "string" || !NAME.test(name)) {
    throw new HttpError(
      400,
      "EnvironmentVariableNameInvalid",
      `The environment variable name ${String(name)} is invalid. Environment variable names must begin with a letter and may only include characters a-z, A-Z, 0-9, and underscores.`,
    );
  }
  if (name.length > MAX_NAME_LENGTH) {
    throw new HttpError(
      400,
      "EnvironmentVariableNameTooLong",
      `The environment variable name ${name} is too long. Environment variable names must be less than ${MAX_NAME_LENGTH}.`,
    );
  }
  if (value === undefined || value === null) return { name, value: null };
  if (typeof value !== "string") {
    throw new HttpError(400, "EnvironmentVariableValueInvalid", `The value of ${name} is no text.`);
  }
  if (SYSTEM_VARIABLES.has(name)) {
    throw new HttpError(
      400,
      "EnvVarNameForbidden",
      `Environment variable with name "${name}" is built-in and cannot be overridden`,
    );
  }
  const bytes = Buffer.byteLength(value);
  if (bytes > MAX_VALUE_BYTES) {
    throw new HttpError(
      400,
      "EnvironmentVariableValueTooLarge",
      `The environment variable value is ${bytes} bytes, which is too large. (max size: ${MAX_VALUE_BYTES})`,
    );
  }
  return { name, value };
}

/** False, and nothing has changed, when a push or another change came in between. */
async function update(
  database: Database,
  sets: FunctionSets,
  changes: readonly Change[],
): Promise<boolean> {
  const { version, modules, variables } = readDurable(database, (tx) => ({
    version: componentVersion(tx, APP),
    modules: pushedModules(tx, APP),
    variables: environmentVariables(tx),
  }));
  const changed = withChanges(variables, changes);
  const set = sets.make({ componentPath: APP, modules, variables: changed, httpPrefix: "/" });
  const providers = await readAuthConfig(
    set,
    modules,
    "This change would make the auth config invalid",
  );
  return database.write((tx) => {
    if (componentVersion(tx, APP) !== version) return false;
    applyAll(tx, changes);
    replaceProviders(tx, providers);
    return true;
  });
}

function withChanges(
  variables: Readonly<Record<string, string>>,
  changes: readonly Change[],
): Record<string, string> {
  const changed = new Map(Object.entries(variables));
  for (const { name, value } of changes) {
    if (value === null) changed.delete(name);
    else changed.set(name, value);
  }
  return Object.fromEntries(changed);
}

function applyAll(tx: Transaction, changes: readonly Change[]): void {
  for (const change of changes) apply(tx, change);
  if (readRows(tx, "_environment_variables.by_name", []).length > MAX_VARIABLES) {
    throw new HttpError(
      400,
      "EnvVarLimitMet",
      `The environment variable limit (${MAX_VARIABLES}) has been met.`,
    );
  }
  // Modules read their variables while they load, so a change of one loads all anew.
  setVersion(tx, randomUUID());
}

function apply(tx: Transaction, { name, value }: Change): void {
  const where = [{ type: "Eq", fieldPath: "name", value: name }] as const;
  const [row] = readRows(tx, "_environment_variables.by_name", where, 1);
  if (value === null) {
    if (row !== undefined) tx.delete("", row.id);
  } else if (row === undefined) tx.insert("", "_environment_variables", { name, value });
  else tx.patch("", row.id, { value });
}
