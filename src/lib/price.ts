import { useQuery } from "convex/react";
import { api } from "../../convex/_generated/api";

/** Whether the person's plan includes everything, so that nothing takes credits. */
export function useIsIncluded(): boolean {
  return useQuery(api.credits.usage.current, {})?.unlimited === true;
}

/** What something costs the person, in words, to stand beside its button. */
export function usePrice(credits: number): string {
  return useIsIncluded() ? "Included in Pro" : `${credits} credits`;
}
