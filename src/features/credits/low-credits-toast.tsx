import { useEffect, useMemo } from "react";
import { openBuyCredits } from "../../lib/buy-credits";
import { showToast } from "../../lib/toast";
import { worth } from "../../lib/worth";
import { credits as creditsWords, resetSentence } from "./balance-words";
import { LOW_BELOW } from "./credit-level";
import { LowCreditsNote } from "./low-credits-note";
import { useCredits } from "./use-credits";

const SHOWN_MS = 10_000;

/** Tells once that credits are running out: once each time they fall, in one of the open tabs. */
export function LowCreditsToast({ viewerId }: { readonly viewerId: string }) {
  const credits = useCredits();
  const isLow =
    credits === undefined ? null : !credits.unlimited && credits.creditsRemaining < LOW_BELOW;
  const remaining = credits?.creditsRemaining ?? 0;
  const nextResetAt = credits?.nextResetAt ?? 0;

  const note = useMemo(() => new LowCreditsNote(localStorage, viewerId), [viewerId]);
  useEffect(() => {
    if (isLow === null) return undefined;
    if (!isLow) {
      note.clear();
      return undefined;
    }
    // A tab that nobody looks at leaves the word to one that is seen, or waits until it is.
    const tell = async () => {
      if (document.visibilityState !== "visible" || !(await note.take())) return;
      await showToast("warning", `${creditsWords(remaining)} left, ${worth(remaining)}`, {
        id: "low-credits",
        description: resetSentence(nextResetAt),
        duration: SHOWN_MS,
        action: { label: "Buy more", onClick: openBuyCredits },
      });
    };
    const tellNow = () => void tell();
    tellNow();
    document.addEventListener("visibilitychange", tellNow);
    return () => document.removeEventListener("visibilitychange", tellNow);
  }, [isLow, note, remaining, nextResetAt]);
  return null;
}
