import type { FunctionSet } from "../functions/modules/function-set.ts";
import { asFailure } from "./analysis.ts";
import { evaluating, pushError } from "./push-error.ts";

const MODULE = "auth.config.js";

/** A provider as `auth.config.ts` exports it. */
export type AuthProviderConfig = Readonly<Record<string, string>>;

/**
 * Evaluates `auth.config.ts` under the deployment's variables.
 *
 * @throws HttpError that names the variable it reads and nobody has set.
 */
export async function readAuthConfig(
  set: FunctionSet,
  source: string | undefined,
): Promise<AuthProviderConfig[]> {
  if (source === undefined) return [];
  demandVariables(source, set.environment);
  const { default: config } = (await evaluating(MODULE, () =>
    asFailure(set, () => set.load(MODULE)),
  )) as { default?: { providers?: unknown } };
  if (!Array.isArray(config?.providers)) {
    throw pushError("InvalidAuthConfig", "`auth.config.ts` must export an object with providers.");
  }
  return config.providers.map((provider) => asProvider(provider as Record<string, unknown>));
}

function demandVariables(source: string, environment: Readonly<Record<string, string>>): void {
  for (const [, name = ""] of source.matchAll(/process\.env\.([A-Za-z_]\w*)/g)) {
    if (environment[name] !== undefined) continue;
    throw pushError(
      "AuthConfigMissingEnvironmentVariable",
      `Environment variable ${name} is used in auth config file but its value was not set`,
    );
  }
}

function asProvider(provider: Record<string, unknown>): AuthProviderConfig {
  const { domain, applicationID, type, issuer, jwks, algorithm } = provider;
  const demand = (name: string, value: unknown): string => {
    if (typeof value === "string") return value;
    throw pushError("InvalidAuthConfig", `A provider in \`auth.config.ts\` has no ${name}.`);
  };
  if (type !== "customJwt") {
    return {
      domain: demand("domain", domain),
      applicationID: demand("applicationID", applicationID),
    };
  }
  return {
    type: "customJwt",
    ...(typeof applicationID === "string" && { applicationID }),
    issuer: demand("issuer", issuer),
    jwks: demand("jwks", jwks),
    algorithm: demand("algorithm", algorithm),
  };
}
