import { useAction } from "convex/react";
import { useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { api } from "../../../convex/_generated/api";
import type { PlanId } from "../../../convex/billing/plans";
import { errorSentence } from "../../lib/error-sentence";
import { useIsThere } from "../../lib/use-is-there";
import { noteWayBack } from "../../lib/way-back";

/** Leads to the checkout of a plan, or to the billing portal, and says why when that is refused. */
export function useCheckout() {
  const start = useAction(api.billing.checkout.start);
  const portal = useAction(api.billing.checkout.portal);
  const navigate = useNavigate();
  const [going, setGoing] = useState<PlanId | "portal" | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const isThere = useIsThere();

  // The browser may show this page again as it was left.
  useEffect(() => {
    const onShow = () => setGoing(null);
    window.addEventListener("pageshow", onShow);
    return () => window.removeEventListener("pageshow", onShow);
  }, []);

  async function go(to: PlanId | "portal", work: () => Promise<void>) {
    setGoing(to);
    setRefusal(null);
    try {
      await work();
    } catch (error) {
      setRefusal(errorSentence(error));
      setGoing(null);
    }
  }

  return {
    /** Where the way leads that was just begun; buttons wait meanwhile. */
    going,
    refusal,
    buy: (planId: PlanId) =>
      void go(planId, async () => {
        const { url, orderId } = await start({ planId });
        if (!isThere()) return;
        noteWayBack();
        if (url === null) await navigate(`/billing/return?order=${orderId}`);
        else window.location.assign(url);
      }),
    manage: () =>
      void go("portal", async () => {
        const { url } = await portal({});
        if (!isThere()) return;
        noteWayBack();
        window.location.assign(url);
      }),
  };
}
