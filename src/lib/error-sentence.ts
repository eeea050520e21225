import { ConvexError } from "convex/values";

const UNEXPECTED = "Something went wrong on our side. Try again.";

/** What was refused, for a person and for the page. */
export interface Refusal {
  readonly sentence: string;
  /** `null` for what was no refusal but a failure. */
  readonly code: string | null;
}

/** The sentence that a person reads for an error of a Convex function. */
export function errorSentence(error: unknown): string {
  return refusalOf(error).sentence;
}

/** The sentence, and the code by which the page knows the way on. */
export function refusalOf(error: unknown): Refusal {
  const data: unknown = error instanceof ConvexError ? error.data : null;
  const isOurs = typeof data === "object" && data !== null && "message" in data;
  if (!isOurs || typeof data.message !== "string") return { sentence: UNEXPECTED, code: null };
  const code = "code" in data && typeof data.code === "string" ? data.code : null;
  return { sentence: data.message, code };
}
