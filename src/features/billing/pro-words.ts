import { PRO } from "../../../convex/billing/plans";
import { dayOf } from "../../lib/moments";
import { price } from "./plan-words";
import type { Pro } from "./use-billing";

/** For whoever could buy credits that nothing takes yet. */
export const CREDITS_WAIT =
  "While Pro runs, no credits are used: what you buy now is kept for afterwards.";

/** What the person's Pro will do next, in a sentence or two. */
export function proWords({ periodEnd, endsAt, isPastDue }: Pro): string {
  const next =
    endsAt !== null
      ? `It is cancelled and ends on ${dayOf(endsAt)}. What you bought besides stays yours.`
      : periodEnd === null
        ? `It renews every month for ${price(PRO.planId)}.`
        : `It renews on ${dayOf(periodEnd)} for ${price(PRO.planId)}.`;
  if (!isPastDue) return next;
  return `Your last payment failed. Pro goes on while it is tried again; to keep it, look at your card under Manage billing. ${next}`;
}
