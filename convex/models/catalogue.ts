import { appError } from "../lib/errors";
import { SECOND_MS } from "../lib/time";
import { azureProvider } from "./azure";
import { ModelFailure, type ModelProvider } from "./provider";

const DEFAULT_API_VERSION = "2025-04-01-preview";
const DEFAULT_STALL_TIMEOUT_MS = 30 * SECOND_MS;

/** The deployments that answer, as whoever runs the server named them. The first is the preset. */
export function modelNames(): string[] {
  const names = (process.env.AZURE_OPENAI_DEPLOYMENT ?? "").split(",").map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== "");
}

/**
 * The model that answers where `wanted` was chosen: a choice that the server no longer has, and no
 * choice, mean the preset. `null` while none is set up.
 */
export function modelFor(wanted?: string): string | null {
  const names = modelNames();
  return names.find((name) => name === wanted) ?? names[0] ?? null;
}

/** A person's choice, if the server has it. @throws INVALID_REQUEST */
export function acceptedModel(name: string): string {
  if (modelNames().includes(name)) return name;
  throw appError("INVALID_REQUEST", "This server does not have that model. Choose another one.");
}

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
