import { useNavigate } from "react-router";
import { MONTHLY_FREE_CREDITS } from "../../../convex/credits/rules";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { openBuyCredits } from "../../lib/buy-credits";
import type { Shortfall } from "../../lib/shortfall";
import { noteRefusal } from "../../lib/way-back";
import { credits } from "./balance-words";
import { renewalTime } from "./renewal";

/** Says what is missing, when it renews, and leads to the prices with the choice of packs open. */
export default function NotEnoughCredits({
  shortfall: { cost, balance, nextResetAt },
  onClose,
}: {
  readonly shortfall: Shortfall;
  readonly onClose: () => void;
}) {
  const navigate = useNavigate();
  return (
    <Dialog
      open
      onClose={onClose}
      title="Not enough credits"
      actions={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button
            kind="primary"
            onClick={() => {
              onClose();
              noteRefusal();
              void navigate("/pricing");
              openBuyCredits();
            }}
          >
            Buy more
          </Button>
        </>
      }
    >
      <p>
        This costs {credits(cost)} and you have {balance}:{" "}
        <strong>{cost - balance} missing.</strong> Nothing was charged, and what you wrote is kept,
        to be sent when you can.
      </p>
      <p className="mt-3 text-ink-2">
        {MONTHLY_FREE_CREDITS} free credits come on {renewalTime(nextResetAt)}. Credits that you buy
        are there at once and stay until they are spent.
      </p>
    </Dialog>
  );
}
