import { SECOND_MS } from "../lib/time";
import { azureProvider } from "./azure";
import { modelFor } from "./catalogue";
import { ModelFailure, type ModelProvider } from "./provider";

// Apart from the catalogue, so that only the actions which call a model load the provider's package.

const DEFAULT_API_VERSION = "2025-04-01-preview";
const DEFAULT_STALL_TIMEOUT_MS = 30 * SECOND_MS;

/**
 * The way to that model, or to the preset, as the deployment's environment sets it up.
 *
 * @throws ModelFailure NOT_CONFIGURED, naming the settings that are missing
 */
export function configuredModel(name = modelFor()): ModelProvider {
  if (name === null) throw missing("AZURE_OPENAI_DEPLOYMENT");
  return azureProvider({
    endpoint: setting("AZURE_OPENAI_ENDPOINT"),
    apiKey: setting("AZURE_OPENAI_KEY"),
    deployment: name,
    apiVersion: process.env.AZURE_OPENAI_API_VERSION ?? DEFAULT_API_VERSION,
    stallTimeoutMs: Number(process.env.MODEL_STALL_TIMEOUT_MS ?? DEFAULT_STALL_TIMEOUT_MS),
  });
}

function setting(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw missing(name);
}

function missing(name: string): ModelFailure {
  return new ModelFailure("NOT_CONFIGURED", `${name} is not set on the Convex deployment`);
}
