import { COSTS, MONTHLY_FREE_CREDITS } from "../../../convex/credits/rules";
import { renewalTime } from "./renewal";

/** `17 credits`, `1 credit`. */
export function credits(amount: number): string {
  return `${amount.toLocaleString("en")} ${amount === 1 ? "credit" : "credits"}`;
}

/** `about 5 messages`: what an amount of credits is worth. */
export function worth(amount: number): string {
  const messages = Math.floor(amount / COSTS.chatMessage);
  if (messages === 0) return "too few for a message";
  return `about ${messages.toLocaleString("en")} ${messages === 1 ? "message" : "messages"}`;
}

/** What the next reset brings, and when in the person's own zone. */
export function resetSentence(nextResetAt: number): string {
  return `The free credits are back at ${MONTHLY_FREE_CREDITS} on ${renewalTime(nextResetAt)}.`;
}
