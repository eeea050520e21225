import { Notice } from "../../components/notice";
import { PriceList } from "./price-list";
import { useBilling } from "./use-billing";
import { useCheckout } from "./use-checkout";
import { YourPlan } from "./your-plan";

/** The prices for somebody who is signed in: their own plan first, and every button leads on. */
export function Pricing() {
  const billing = useBilling();
  const { going, refusal, buy, manage } = useCheckout();
  const mayGo = billing?.maySell === true && going === null;
  return (
    <>
      {refusal !== null && (
        <Notice announced className="mb-6">
          {refusal}
        </Notice>
      )}
      {billing?.maySell === false && (
        <Notice className="mb-6">Nothing can be bought here: payments are not set up.</Notice>
      )}
      <PriceList
        onBuy={buy}
        going={going}
        mayBuy={mayGo}
        isPro={billing !== undefined && billing.pro !== null}
      />
      {billing !== undefined && (
        <YourPlan
          pro={billing.pro}
          isManaging={going === "portal"}
          mayManage={mayGo}
          onManage={manage}
        />
      )}
    </>
  );
}
