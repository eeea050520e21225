import { PACK_IDS, PACKS, PRO, savingPercent } from "../../../convex/billing/plans";
import { Dialog } from "../../components/dialog";
import { Notice } from "../../components/notice";
import { worth } from "../../lib/worth";
import { BuyButton } from "./buy-button";
import { buyWords, price } from "./plan-words";
import { CREDITS_WAIT } from "./pro-words";
import { useBilling } from "./use-billing";
import { useCheckout } from "./use-checkout";

/** Choose how much; the checkout follows on Autumn's page. */
export default function BuyCreditsDialog({ onClose }: { readonly onClose: () => void }) {
  const billing = useBilling();
  const { going, refusal, buy } = useCheckout();
  const mayBuy = billing?.maySell === true && going === null;
  return (
    <Dialog open title="Buy credits" onClose={onClose}>
      <p className="text-ink-2">
        Credits that you buy are there at once, and stay until they are spent. You pay on a page of
        our payment service and come back here.
        {billing !== undefined && billing.pro !== null && ` ${CREDITS_WAIT}`}
      </p>
      {refusal !== null && (
        <Notice announced className="mt-4">
          {refusal}
        </Notice>
      )}
      {billing?.maySell === false && (
        <Notice className="mt-4">Nothing can be bought here: payments are not set up.</Notice>
      )}
      <ul className="mt-4 flex flex-col">
        {PACK_IDS.map((packId) => (
          <li
            key={packId}
            className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line py-3.5"
          >
            <div className="min-w-36 flex-1">
              <p className="flex items-baseline gap-2 font-display text-2xl leading-tight lining-nums">
                {PACKS[packId].credits.toLocaleString("en")}
                <span className="font-sans text-sm text-ink-2">for {price(packId)}</span>
              </p>
              <p className="mt-0.5 text-[13px] text-ink-2">
                {worth(PACKS[packId].credits)}
                {savingPercent(packId) > 0 && (
                  <span className="text-good"> · {savingPercent(packId)}% less</span>
                )}
              </p>
            </div>
            <BuyButton
              className="min-w-40"
              isGoing={going === packId}
              disabled={!mayBuy}
              onClick={() => buy(packId)}
            >
              {buyWords(packId)}
            </BuyButton>
          </li>
        ))}
        {billing?.pro === null && (
          <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line pt-3.5">
            <div className="min-w-36 flex-1">
              <p className="flex items-baseline gap-2 font-display text-2xl leading-tight lining-nums">
                Pro
                <span className="font-sans text-sm text-ink-2">{price(PRO.planId)} a month</span>
              </p>
              <p className="mt-0.5 text-[13px] text-ink-2">unlimited, until you cancel</p>
            </div>
            <BuyButton
              kind="primary"
              className="min-w-40"
              isGoing={going === PRO.planId}
              disabled={!mayBuy}
              onClick={() => buy(PRO.planId)}
            >
              Upgrade to Pro
            </BuyButton>
          </li>
        )}
      </ul>
    </Dialog>
  );
}
