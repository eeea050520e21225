import { useAction } from "convex/react";
import { useEffect, useState } from "react";
import { api } from "../../../convex/_generated/api";

/** When Autumn is asked, in milliseconds after the page was opened. */
const ASK_AT_MS = [0, 2000, 5000, 15_000, 60_000];
/** How long the page says "processing" before it says that one need not wait. */
const PATIENCE_MS = 20_000;

/**
 * Asks what became of a payment while the page is `waiting` for it: the webhook may be slow or lost.
 *
 * @returns `answered` once a question was answered; `isOut` while the payment service cannot be asked;
 * `isLong` when it takes longer than it should
 */
export function useSettle(waiting: boolean) {
  const settle = useAction(api.billing.checkout.settle);
  const [answered, setAnswered] = useState(false);
  const [isOut, setIsOut] = useState(false);
  const [isLong, setIsLong] = useState(false);

  useEffect(() => {
    if (!waiting) return undefined;
    const ask = () => {
      settle({}).then(
        (reached) => {
          setIsOut(!reached);
          if (reached) setAnswered(true);
        },
        () => setIsOut(true),
      );
    };
    const timers = ASK_AT_MS.map((wait) => setTimeout(ask, wait));
    const long = setTimeout(() => setIsLong(true), PATIENCE_MS);
    return () => {
      for (const timer of [...timers, long]) clearTimeout(timer);
    };
  }, [settle, waiting]);

  return { answered, isOut, isLong };
}
