import { type PackId, PACKS, type PlanId, planName, PRO } from "../../../convex/billing/plans";
import { COSTS } from "../../../convex/credits/rules";

/** `$5`: prices are whole dollars. */
export function price(planId: PlanId): string {
  return `$${planId === PRO.planId ? PRO.priceUsd : PACKS[planId].priceUsd}`;
}

/** `about 166 messages`: what an amount of credits is worth. */
export function inMessages(credits: number): string {
  return `about ${Math.floor(credits / COSTS.chatMessage).toLocaleString("en")} messages`;
}

/** `Buy 500 credits`, with the number as it is said: what the button does. */
export function buyWords(packId: PackId): string {
  return `Buy ${PACKS[packId].credits} credits`;
}

/** `Your 500 credits are here.` */
export function arrivedWords(planId: PlanId): string {
  return planId === PRO.planId ? "You are on Pro." : `Your ${planName(planId)} are here.`;
}

/** `21 December 2026`, where the person is. */
export function dayOf(time: number): string {
  return new Date(time).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
  });
}
