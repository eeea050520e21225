import { Gauge } from "@/components/icons";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { Meter } from "../../components/meter";
import { openBuyCredits } from "../../lib/buy-credits";
import { inThousands } from "./balance-words";
import { renewalTime } from "./renewal";
import { useCredits } from "./use-credits";

/** The balance with what it is out of, when it renews and what was bought. */
export function CreditsCard() {
  const credits = useCredits();
  return (
    <Card title="Credits" Icon={Gauge}>
      {credits !== undefined && (
        <div className="flex animate-appear flex-col gap-3">
          <p className="flex items-baseline gap-2.5 font-display text-[40px] leading-none font-medium tabular-nums lining-nums">
            {credits.unlimited ? "Unlimited" : inThousands(credits.creditsRemaining)}
            {!credits.unlimited && (
              <span className="font-sans text-sm leading-none text-ink-2">
                of {inThousands(credits.creditsTotal)}
              </span>
            )}
          </p>
          {!credits.unlimited && <Meter share={share(credits)} />}
          <p className="text-[13px] text-ink-2">
            {credits.unlimited
              ? "Pro: everything is recorded, and nothing is taken."
              : `Renews on ${renewalTime(credits.nextResetAt)}. ${inThousands(credits.purchased)} purchased.`}
          </p>
          {!credits.unlimited && (
            <Button className="mt-1 self-start" onClick={openBuyCredits}>
              Buy credits
            </Button>
          )}
        </div>
      )}
    </Card>
  );
}

function share({
  creditsRemaining,
  creditsTotal,
}: {
  creditsRemaining: number;
  creditsTotal: number;
}) {
  return creditsTotal === 0 ? 0 : Math.min(1, creditsRemaining / creditsTotal);
}
