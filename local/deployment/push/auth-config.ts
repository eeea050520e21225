import type { FunctionSet } from "../functions/modules/function-set.ts";
import type { PushedModule } from "../functions/modules/function-sets.ts";
import { asFailure } from "./analysis.ts";
import { evaluating, pushError } from "./push-error.ts";

const AUTH_MODULE = "auth.config.js";

const DOCS = "To learn more, see the auth documentation at https://docs.convex.dev/auth.";
/** Convex checks tokens of custom providers with no others. */
const ALGORITHMS = new Set(["RS256", "ES256"]);
/** Gives tokens to many apps, which only their audience tells apart. */
const SHARED_ISSUERS = new Set(["https://api.workos.com", "https://api.workos.com/"]);

/** A provider as `auth.config.ts` exports it, its domain or issuer with a scheme. */
export type AuthProviderConfig = Readonly<Record<string, string>>;

type Provider = Readonly<Record<string, unknown>>;

/**
 * Evaluates `auth.config.ts` under the variables of the set.
 *
 * @param modules what the set is made of.
 * @param change what was asked for, as a refusal names it.
 * @throws HttpError that says what is wrong, or names the variable it reads and nobody has set.
 */
export async function readAuthConfig(
  set: FunctionSet,
  modules: readonly PushedModule[],
  change: string,
): Promise<AuthProviderConfig[]> {
  const module = modules.find(({ path }) => path === AUTH_MODULE);
  if (module === undefined) return [];
  demandVariables(module.source, set.environment);
  const { default: config } = (await evaluating(AUTH_MODULE, () =>
    asFailure(set, () => set.load(AUTH_MODULE)),
  )) as { default?: unknown };
  try {
    return providersOf(config).map(asProvider);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw pushError("InvalidAuthConfig", `${change}: ${error.message}`);
  }
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

class Refusal extends Error {}

function mismatch(reason: string): Refusal {
  return new Refusal(`auth config file must include a list of provider credentials: ${reason}`);
}

function providersOf(config: unknown): readonly unknown[] {
  if (config === undefined || config === null) {
    throw new Refusal(`auth config file is missing default export. ${DOCS}`);
  }
  const { providers } = config as { providers?: unknown };
  if (providers === undefined) throw mismatch("missing field `providers`");
  if (!Array.isArray(providers)) throw mismatch("`providers` is no list");
  return providers;
}

function asProvider(given: unknown, index: number): AuthProviderConfig {
  if (typeof given !== "object" || given === null) {
    throw mismatch(`Provider at index ${index} is no object`);
  }
  const provider = given as Provider;
  checkCommonConfusions(provider, index);
  const { applicationID, type, algorithm } = provider;
  const demand = (name: string): string => {
    const value = provider[name];
    if (typeof value === "string") return value;
    throw mismatch(`Provider at index ${index} has no ${name}, or one that is no string.`);
  };
  if (type !== "customJwt") {
    return { applicationID: demand("applicationID"), domain: issuerUrl(demand("domain")) };
  }
  if (!ALGORITHMS.has(demand("algorithm"))) {
    throw mismatch(
      `Provider at index ${index} has the algorithm \`${String(algorithm)}\`, expected \`RS256\` or \`ES256\``,
    );
  }
  return {
    type,
    ...(applicationID !== undefined &&
      applicationID !== null && { applicationID: demand("applicationID") }),
    issuer: issuerUrl(demand("issuer")),
    jwks: demand("jwks"),
    algorithm: demand("algorithm"),
  };
}

function checkCommonConfusions(provider: Provider, index: number): void {
  const has = (name: string) => Object.hasOwn(provider, name);
  const { type, issuer } = provider;
  if (has("applicationId") || has("applicationid")) {
    throw mismatch(
      `Provider at index ${index} must have applicationID property spelled lowercase 'application', capital I, capital D.`,
    );
  }
  if (typeof type === "string" && type !== "customJwt" && type !== "oidc") {
    throw mismatch(`Provider at index ${index} has unexpected 'type' value '${type}'`);
  }
  if (type === "customJwt" && has("domain")) {
    throw mismatch(`Provider at index ${index} is a customJwt so cannot have a 'domain' specified`);
  }
  if (type !== "customJwt" && has("issuer")) {
    throw mismatch(`Provider at index ${index} is oidc so cannot have an 'issuer' specified.`);
  }
  if (!has("applicationID") && SHARED_ISSUERS.has(issuer as string)) {
    throw new Refusal(
      `This auth configuration appears potentially insecure: Provider at index ${index} has an issuer that is shared among many applications, so must to specify an ApplicationID to check against an \`aud\` field of a JWT.`,
    );
  }
}

/** The address with its scheme, which may be left out of one that ends like a domain name. */
function issuerUrl(given: string): string {
  const invalid = (reason: string) =>
    new Refusal(`Invalid provider domain URL "${given}": ${reason}`);
  if (given.startsWith('"')) throw invalid('starts with a double quote (")');
  const hasScheme = /^\w+:\/\//.test(given);
  const url = URL.parse(hasScheme ? given : `https://${given}`);
  if (url === null) throw invalid("it cannot be parsed");
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw invalid("scheme should be http or https");
  }
  if (!hasScheme && !/(?:^localhost|\.[a-z]{2,}|\.xn--[a-z\d-]+)$/.test(url.hostname)) {
    throw invalid("Does not look like a URL (must have a scheme or end with a top-level domain)");
  }
  return hasScheme ? given : `https://${given}`;
}
