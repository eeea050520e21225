import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../convex/_generated/api";

/** What the person has set, live; `undefined` until it is known. */
export function useSettings() {
  return useQuery(convexQuery(api.account.settings.getSettings, {})).data;
}
