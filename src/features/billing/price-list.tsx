import { PACK_IDS, PACKS, type PlanId, PRO, savingPercent } from "../../../convex/billing/plans";
import { COSTS, MONTHLY_FREE_CREDITS } from "../../../convex/credits/rules";
import { worth } from "../../lib/worth";
import { BuyButton } from "./buy-button";
import { PlanCard } from "./plan-card";
import { buyWords, price } from "./plan-words";
import { CREDITS_WAIT } from "./pro-words";

/** Everything that can be bought, and what it means in messages. */
export function PriceList({
  onBuy,
  going,
  mayBuy,
  isPro,
}: {
  readonly onBuy: (planId: PlanId) => void;
  /** The plan whose checkout is being opened. */
  readonly going: string | null;
  readonly mayBuy: boolean;
  readonly isPro: boolean;
}) {
  return (
    <>
      <h2 className="font-display text-[42px] leading-[1.15] tracking-[-0.015em] max-wide:text-[34px]">
        Credits when you need them.
      </h2>
      <p className="mt-2.5 text-base text-ink-2">
        {MONTHLY_FREE_CREDITS} free every month, {worth(MONTHLY_FREE_CREDITS)}. A message costs{" "}
        {COSTS.chatMessage}, a page {COSTS.pageRead}, a project draft {COSTS.projectDraft}. Bought
        credits never expire.{isPro && ` ${CREDITS_WAIT}`}
      </p>
      <div className="mt-8 grid grid-cols-4 gap-3.5 max-[1180px]:grid-cols-2 max-[1180px]:gap-y-6 max-[560px]:grid-cols-1">
        {PACK_IDS.map((packId) => (
          <PlanCard
            key={packId}
            name={PACKS[packId].credits.toLocaleString("en")}
            unit="credits"
            worth={worth(PACKS[packId].credits)}
            cost={price(packId)}
            badge={savingPercent(packId) > 0 ? `Save ${savingPercent(packId)}%` : undefined}
            action={
              <BuyButton
                isGoing={going === packId}
                disabled={!mayBuy}
                onClick={() => onBuy(packId)}
              >
                {buyWords(packId)}
              </BuyButton>
            }
          />
        ))}
        <PlanCard
          isStrong
          name="Pro"
          unit="unlimited"
          worth="Every feature without counting. Cancel any time."
          cost={price(PRO.planId)}
          per="/month"
          action={
            <BuyButton
              kind="primary"
              isGoing={going === PRO.planId}
              disabled={!mayBuy || isPro}
              onClick={() => onBuy(PRO.planId)}
            >
              {isPro ? "Your plan" : "Upgrade to Pro"}
            </BuyButton>
          }
        />
      </div>
    </>
  );
}
