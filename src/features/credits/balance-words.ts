import { MONTHLY_FREE_CREDITS } from "../../../convex/credits/rules";
import { renewalTime } from "./renewal";

/** `1,017`. */
export function inThousands(amount: number): string {
  return amount.toLocaleString("en");
}

/** `17 credits`, `1 credit`. */
export function credits(amount: number): string {
  return `${inThousands(amount)} ${amount === 1 ? "credit" : "credits"}`;
}

/** What the next reset brings, and when in the person's own zone. */
export function resetSentence(nextResetAt: number): string {
  return `The free credits are back at ${MONTHLY_FREE_CREDITS} on ${renewalTime(nextResetAt)}.`;
}
