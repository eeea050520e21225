import { MONTHLY_FREE_CREDITS } from "../../../convex/credits/rules";
import { worth } from "../../lib/worth";
import { credits as creditsWords } from "./balance-words";
import { creditLevel } from "./credit-level";
import { renewalTime } from "./renewal";
import { useCredits } from "./use-credits";

/** The line below the composer: what is left when it is little, and otherwise a reminder to doubt. */
export function CreditsFooter() {
  const credits = useCredits();
  const isLow =
    credits !== undefined && !credits.unlimited && creditLevel(credits.creditsRemaining) === "bad";
  return (
    <p className="pt-2 pb-0.5 text-center text-[12.5px] text-balance text-ink-2">
      {isLow ? lowLine(credits.creditsRemaining, credits.nextResetAt) : "Answers can be wrong."}
    </p>
  );
}

function lowLine(remaining: number, nextResetAt: number): string {
  return [
    `${creditsWords(remaining)} left, ${worth(remaining)}`,
    `${MONTHLY_FREE_CREDITS} free again on ${renewalTime(nextResetAt)}`,
  ].join(" · ");
}
