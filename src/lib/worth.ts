import { COSTS } from "../../convex/credits/rules";

/** `about 5 messages`: what an amount of credits is worth. */
export function worth(amount: number): string {
  const messages = Math.floor(amount / COSTS.chatMessage);
  if (messages === 0) return "too few for a message";
  return `about ${messages.toLocaleString("en")} ${messages === 1 ? "message" : "messages"}`;
}
