import { onDemand } from "../../components/on-demand";
import { closeBuyCredits, useBuyCreditsIsOpen } from "../../lib/buy-credits";

const BuyCreditsDialog = onDemand(() => import("./buy-credits-dialog"));

/** The dialog for buying credits, wherever it was asked for. */
export function TopUp() {
  if (!useBuyCreditsIsOpen()) return null;
  return <BuyCreditsDialog onClose={closeBuyCredits} />;
}
