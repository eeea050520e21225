import { appError } from "../lib/errors";

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
