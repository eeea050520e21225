import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "../../../convex/_generated/api";
import { atMonthStart, nextReset } from "../../../convex/credits/rules";
import { useMonth } from "./use-month";

/**
 * The person's credits, live; `undefined` until they are known. The server speaks when something is
 * written, and a month begins without that: then they are what the first action will find.
 */
export function useCredits() {
  const { data } = useQuery(convexQuery(api.credits.usage.current, {}));
  const month = useMonth();
  return useMemo(() => {
    if (data === undefined || month < data.nextResetAt) return data;
    return { ...data, ...atMonthStart(data.purchased), nextResetAt: nextReset(month) };
  }, [data, month]);
}
