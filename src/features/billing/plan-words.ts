import { type PackId, PACKS, type PlanId, planName, PRO } from "../../../convex/billing/plans";

/** `$5`: prices are whole dollars. */
export function price(planId: PlanId): string {
  return `$${planId === PRO.planId ? PRO.priceUsd : PACKS[planId].priceUsd}`;
}

/** `Buy 5,000 credits`: what the button does. */
export function buyWords(packId: PackId): string {
  return `Buy ${planName(packId)}`;
}

/** `Your 500 credits are here.` */
export function arrivedWords(planId: PlanId): string {
  return planId === PRO.planId ? "You are on Pro." : `Your ${planName(planId)} are here.`;
}
