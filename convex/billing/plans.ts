/**
 * What can be bought. Prices are whole US dollars; credits are whole. This one table is read by the
 * page, by the server, and by `autumn.config.ts`, from which Autumn learns its plans. It imports
 * nothing, because the last of these is no part of the bundle.
 */

/** The one-off packs, by the id of their plan in Autumn. */
export const PACKS = {
  topup_500: { credits: 500, priceUsd: 5 },
  topup_1000: { credits: 1000, priceUsd: 9 },
  topup_5000: { credits: 5000, priceUsd: 40 },
} as const;

/** The monthly plan without counting. */
export const PRO = { planId: "pro", priceUsd: 20 } as const;

export type PackId = keyof typeof PACKS;
export type PlanId = PackId | typeof PRO.planId;

export const PACK_IDS = Object.keys(PACKS) as PackId[];

export function isPack(planId: string): planId is PackId {
  return Object.hasOwn(PACKS, planId);
}

export function isPlan(planId: string): planId is PlanId {
  return isPack(planId) || planId === PRO.planId;
}

/** Credits that a paid invoice for this plan grants. Pro counts nothing, so it grants none. */
export function creditsOf(planId: PlanId): number {
  return isPack(planId) ? PACKS[planId].credits : 0;
}

/** `500 credits` or `Pro`: the plan's name, as Autumn's pages and ours show it. */
export function planName(planId: PlanId): string {
  return isPack(planId) ? `${PACKS[planId].credits.toLocaleString("en")} credits` : "Pro";
}

/** What a pack saves against buying its credits in the smallest packs, in whole percent. */
export function savingPercent(packId: PackId): number {
  const { credits, priceUsd } = PACKS[packId];
  const { topup_500: smallest } = PACKS;
  const listPrice = (credits / smallest.credits) * smallest.priceUsd;
  return Math.round((1 - priceUsd / listPrice) * 100);
}
