export type CreditLevel = "good" | "warn" | "bad";

const GOOD_ABOVE = 50;
/** Fewer credits than this are few, and the person is told. */
export const LOW_BELOW = 20;

/** Green above 50 credits, yellow from 20 to 50, red below 20. The number always stands beside it. */
export function creditLevel(credits: number): CreditLevel {
  if (credits > GOOD_ABOVE) return "good";
  return credits < LOW_BELOW ? "bad" : "warn";
}
