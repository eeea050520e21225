import { SECOND_MS } from "../lib/time";
import { azureProvider } from "./azure";
import { ModelFailure, type ModelProvider } from "./provider";

const DEFAULT_API_VERSION = "2025-04-01-preview";
const DEFAULT_STALL_TIMEOUT_MS = 30 * SECOND_MS;

/**
 * The model that answers, as the deployment's environment sets it up.
 *
 * @throws ModelFailure NOT_CONFIGURED, naming the settings that are missing
 */
export function configuredModel(): ModelProvider {
  return azureProvider({
    endpoint: setting("AZURE_OPENAI_ENDPOINT"),
    apiKey: setting("AZURE_OPENAI_KEY"),
    deployment: setting("AZURE_OPENAI_DEPLOYMENT"),
    apiVersion: process.env.AZURE_OPENAI_API_VERSION ?? DEFAULT_API_VERSION,
    stallTimeoutMs: Number(process.env.MODEL_STALL_TIMEOUT_MS ?? DEFAULT_STALL_TIMEOUT_MS),
  });
}

/** What the model that answers is called, or `null` while none is set up. */
export function configuredModelName(): string | null {
  return process.env.AZURE_OPENAI_DEPLOYMENT || null;
}

function setting(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new ModelFailure("NOT_CONFIGURED", `${name} is not set on the Convex deployment`);
}
