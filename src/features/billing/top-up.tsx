import { lazy, Suspense } from "react";
import { closeBuyCredits, useBuyCreditsIsOpen } from "../../lib/buy-credits";

const BuyCreditsDialog = lazy(() => import("./buy-credits-dialog"));

/** The dialog for buying credits, wherever it was asked for. */
export function TopUp() {
  if (!useBuyCreditsIsOpen()) return null;
  return (
    <Suspense>
      <BuyCreditsDialog onClose={closeBuyCredits} />
    </Suspense>
  );
}
