import { MINUTE_MS, SECOND_MS } from "../lib/time";
import { azureProvider } from "./azure";
import { modelFor } from "./catalogue";
import { ModelFailure, type ModelProvider } from "./provider";

// Apart from the catalogue, so that only the actions which call a model load the provider's package.

const DEFAULT_API_VERSION = "2025-04-01-preview";
const DEFAULT_STALL_TIMEOUT_MS = 30 * SECOND_MS;
/** So long a Convex action may take at all. */
const MAX_STALL_TIMEOUT_MS = 10 * MINUTE_MS;

/**
 * The way to that model, or to the preset, as the deployment's environment sets it up.
 *
 * @throws ModelFailure NOT_CONFIGURED, naming the setting that is missing or makes no sense
 */
export function configuredModel(name = modelFor()): ModelProvider {
  if (name === null) throw missing("AZURE_OPENAI_DEPLOYMENT");
  return azureProvider({
    endpoint: setting("AZURE_OPENAI_ENDPOINT"),
    apiKey: setting("AZURE_OPENAI_KEY"),
    deployment: name,
    apiVersion: process.env.AZURE_OPENAI_API_VERSION || DEFAULT_API_VERSION,
    stallTimeoutMs: stallTimeoutMs(),
  });
}

function setting(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw missing(name);
}

function stallTimeoutMs(): number {
  const text = process.env.MODEL_STALL_TIMEOUT_MS;
  if (!text) return DEFAULT_STALL_TIMEOUT_MS;
  const milliseconds = Number(text);
  const isTime = Number.isInteger(milliseconds) && milliseconds >= 1;
  if (isTime && milliseconds <= MAX_STALL_TIMEOUT_MS) return milliseconds;
  throw new ModelFailure(
    "NOT_CONFIGURED",
    `MODEL_STALL_TIMEOUT_MS takes milliseconds from 1 to ${MAX_STALL_TIMEOUT_MS}, not "${text}"`,
  );
}

function missing(name: string): ModelFailure {
  return new ModelFailure("NOT_CONFIGURED", `${name} is not set on the Convex deployment`);
}
