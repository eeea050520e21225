import { isIPv6 } from "node:net";
import type { Options } from "./options.ts";
import type { AutumnKeys, SigningKeys } from "./keys.ts";
import { StartError } from "./start-error.ts";

const AZURE = ["AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_KEY", "AZURE_OPENAI_DEPLOYMENT"] as const;

const AUTUMN = ["AUTUMN_SECRET_KEY", "AUTUMN_API_URL", "AUTUMN_WEBHOOK_SECRET"] as const;

/** Variables that reach the functions when the person set them. */
const PASSED_ON = [
  "AZURE_OPENAI_API_VERSION",
  "MODEL_STALL_TIMEOUT_MS",
  "PAGE_READER_TRUSTED_HOSTS",
] as const;

type Environment = Record<string, string | undefined>;

/** The longest silence of a model that the functions take: as long as an action may take. */
const LONGEST_SILENCE_MS = 600_000;

/** Refuses at the start what the functions would refuse at the first answer. @throws StartError */
export function checkVariables({ MODEL_STALL_TIMEOUT_MS: text }: Environment): void {
  if (!text) return;
  const milliseconds = Number(text);
  const isTime = Number.isInteger(milliseconds) && milliseconds >= 1;
  if (isTime && milliseconds <= LONGEST_SILENCE_MS) return;
  throw new StartError(
    `MODEL_STALL_TIMEOUT_MS takes milliseconds from 1 to ${LONGEST_SILENCE_MS}, not "${text}".`,
  );
}

/** Whether the real model is set up, so that no demonstration model is started. */
export function hasRealModel(environment: Environment): boolean {
  return AZURE.every((name) => environment[name]);
}

/** Where purchases are made. */
export type Purchases =
  | { readonly kind: "service" }
  | { readonly kind: "sandbox"; readonly keys: AutumnKeys }
  | { readonly kind: "off" };

/**
 * The real service when its key is set. Otherwise the sandbox on one's own machine, and nothing
 * where others come too: the sandbox gives credits away.
 */
export function whichPurchases(options: Options, environment: Environment): Purchases["kind"] {
  if (environment.AUTUMN_SECRET_KEY) return "service";
  return options.publicUrl === null && environment.NODE_ENV !== "production" ? "sandbox" : "off";
}

/** The address at which people open the page. */
export function pageUrl(options: Options): string {
  return options.publicUrl ?? `http://${reachable(options.host)}:${options.port}`;
}

/** The address of the deployment's HTTP routes: the issuer of its tokens, so it has to stay. */
export function siteUrl(options: Options): string {
  return options.publicUrl ?? `http://${reachable(options.host)}:${options.convexSitePort}`;
}

/** The address of the deployment's client API. */
export function cloudUrl(options: Options): string {
  return options.publicUrl ?? `http://${reachable(options.host)}:${options.convexPort}`;
}

/** What the functions find in `process.env`. An empty value takes a former start's away. */
export function deploymentVariables(
  options: Options,
  keys: SigningKeys,
  purchases: Purchases,
  environment: Environment,
): Record<string, string> {
  const names = [
    ...(hasRealModel(environment) ? AZURE : []),
    ...(purchases.kind === "service" ? AUTUMN : []),
    ...PASSED_ON,
  ];
  const given = names.flatMap((name) => {
    const value = environment[name];
    return value ? [[name, value] as const] : [];
  });
  return {
    SITE_URL: pageUrl(options),
    ...keys,
    ...(hasRealModel(environment) ? {} : demonstrationModel(options)),
    ...Object.fromEntries(AUTUMN.map((name) => [name, ""])),
    ...(purchases.kind === "sandbox" ? autumnSandbox(options, purchases.keys) : {}),
    ...Object.fromEntries(given),
  };
}

function demonstrationModel(options: Options): Record<string, string> {
  return {
    AZURE_OPENAI_ENDPOINT: `http://127.0.0.1:${options.modelsPort}`,
    AZURE_OPENAI_KEY: "demonstration",
    // Two, so that there is a choice to see; the demonstration answers to any name.
    AZURE_OPENAI_DEPLOYMENT: "o4-mini,o3",
  };
}

function autumnSandbox(options: Options, keys: AutumnKeys): Record<string, string> {
  return { ...keys, AUTUMN_API_URL: `http://127.0.0.1:${options.autumnPort}` };
}

const EVERY_INTERFACE = new Set(["0.0.0.0", "::"]);

/** The host as it stands in an address that this machine itself uses. */
export function reachable(host: string): string {
  if (EVERY_INTERFACE.has(host)) return "127.0.0.1";
  return isIPv6(host) ? `[${host}]` : host;
}

/** Whether other machines get the page, with an address for all the rest that leads each to itself. */
export function isUsableHereOnly({ host, publicUrl }: Options): boolean {
  return EVERY_INTERFACE.has(host) && publicUrl === null;
}
