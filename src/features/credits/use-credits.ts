import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../../convex/_generated/api";

/** The person's credits, live; `undefined` until they are known. */
export function useCredits() {
  return useQuery(convexQuery(api.credits.usage.current, {})).data;
}
