import type { Infer } from "convex/values";
import type { failureCode } from "./tables";

export type FailureCode = Infer<typeof failureCode>;

/** What happened, and what to do about it. What was charged stands between the two. */
const SENTENCES: Record<FailureCode, { happened: string; next: string }> = {
  RATE_LIMITED: {
    happened: "The model has too many requests right now.",
    next: "Wait a moment and try again.",
  },
  PROVIDER_DOWN: {
    happened: "The model could not be reached.",
    next: "Try again in a minute.",
  },
  CONTENT_FILTERED: {
    happened: "The model's content filter stopped this answer.",
    next: "Put the question in other words and send it again.",
  },
  CUT_OFF: {
    happened: "The connection to the model was lost before the answer was complete.",
    next: "Try again.",
  },
  STALLED: {
    happened: "The model stopped responding before the answer was complete.",
    next: "Try again.",
  },
  NOT_CONFIGURED: {
    happened: "No model is set up correctly on this server.",
    next: "Whoever runs it has to check the model's address, key and kind.",
  },
  TOO_LONG: {
    happened: "This conversation is longer than the model can read.",
    next: "Start a new chat or shorten the message.",
  },
  LENGTH_LIMIT: {
    happened: "The answer reached the longest length that is allowed.",
    next: "Ask for the rest, or for a shorter answer.",
  },
  ONLY_REASONING: {
    happened: "The model spent all that it may write on thinking, and wrote nothing.",
    next: "Try again, or ask for less at once.",
  },
  EMPTY_ANSWER: {
    happened: "The model gave no answer.",
    next: "Try again.",
  },
  INTERRUPTED: {
    happened: "The answer was interrupted on our side.",
    next: "Try again.",
  },
  UNEXPECTED: {
    happened: "Something went wrong on our side.",
    next: "Try again.",
  },
};

/** The sentence for a failed answer. `creditsKept` is what the person paid for the part that came. */
export function failureSentence(code: FailureCode, creditsKept: number): string {
  const { happened, next } = SENTENCES[code];
  const charged =
    creditsKept > 0
      ? `The ${creditsKept} credits pay for the part that arrived.`
      : "You were not charged.";
  return `${happened} ${charged} ${next}`;
}
