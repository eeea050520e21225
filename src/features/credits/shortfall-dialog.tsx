import { useEffect } from "react";
import { onDemand } from "../../components/on-demand";
import { dismissShortfall, useShortfall } from "../../lib/shortfall";
import { useCredits } from "./use-credits";

const NotEnoughCredits = onDemand(() => import("./not-enough-credits"));

/** Opens when something was refused for want of credits, and closes once there are enough. */
export function ShortfallDialog() {
  const shortfall = useShortfall();
  const credits = useCredits();
  const suffices =
    shortfall !== null &&
    credits !== undefined &&
    (credits.unlimited || credits.creditsRemaining >= shortfall.cost);
  useEffect(() => {
    if (suffices) dismissShortfall();
  }, [suffices]);

  if (shortfall === null || suffices) return null;
  return <NotEnoughCredits shortfall={shortfall} onClose={dismissShortfall} />;
}
