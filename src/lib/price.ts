import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../convex/_generated/api";

/** Whether the person's plan includes everything, so that nothing takes credits. */
export function useIsIncluded(): boolean {
  const { data } = useQuery({
    ...convexQuery(api.credits.usage.current, {}),
    select: ({ unlimited }) => unlimited,
  });
  return data === true;
}

/** What something costs the person, in words, to stand beside its button. */
export function usePrice(credits: number): string {
  return useIsIncluded() ? "Included in Pro" : `${credits} credits`;
}
