import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { api } from "../../../convex/_generated/api";
import { MONTHLY_FREE_CREDITS } from "../../../convex/credits/rules";
import { Button } from "../../components/button";
import { openBuyCredits } from "../../lib/buy-credits";
import { worth } from "../../lib/worth";
import { BuyButton } from "./buy-button";
import { proWords } from "./pro-words";
import type { Pro } from "./use-billing";

/** What the person is on now, what comes next, and the way to change it. */
export function YourPlan({
  pro,
  isManaging,
  mayManage,
  onManage,
}: {
  readonly pro: Pro | null;
  readonly isManaging: boolean;
  readonly mayManage: boolean;
  readonly onManage: () => void;
}) {
  const { data: credits } = useQuery(convexQuery(api.credits.usage.current, {}));
  return (
    <section
      aria-label="Your plan"
      className={clsx(
        "mt-8 flex flex-wrap items-center gap-x-6 gap-y-3 rounded-card border px-5 py-4",
        pro?.isPastDue === true ? "border-transparent bg-bad-soft" : "border-line bg-panel",
      )}
    >
      <div className="min-w-60 flex-1">
        <p className="font-[550]">You are on {pro === null ? "Free" : "Pro"}.</p>
        <p className="mt-0.5 max-w-[72ch] text-sm text-ink-2">
          {pro === null
            ? `${MONTHLY_FREE_CREDITS} credits a month${balanceWords(credits?.creditsRemaining)}.`
            : proWords(pro)}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {pro !== null && (
          <BuyButton isGoing={isManaging} disabled={!mayManage} onClick={onManage}>
            Manage billing
          </BuyButton>
        )}
        {pro === null && <Button onClick={openBuyCredits}>Buy credits</Button>}
      </div>
    </section>
  );
}

function balanceWords(remaining: number | undefined): string {
  if (remaining === undefined) return "";
  return `; ${remaining.toLocaleString("en")} left now, ${worth(remaining)}`;
}
