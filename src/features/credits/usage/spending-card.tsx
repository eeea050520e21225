import { convexQuery } from "@convex-dev/react-query";
import { useQuery } from "@tanstack/react-query";
import { ChartNoAxesColumn } from "@/components/icons";
import { useMemo } from "react";
import { api } from "../../../../convex/_generated/api";
import { Card } from "../../../components/card";
import { onDemand } from "../../../components/on-demand";
import { useNow } from "../../../lib/use-now";
import { credits } from "../balance-words";
import { dayBoundaries } from "./days";

const SpendingChart = onDemand(() => import("./spending-chart"));

const DAYS = 30;

/** What each of the last days cost, live. */
export function SpendingCard() {
  const today = useNow().toDateString();
  const boundaries = useMemo(() => dayBoundaries(new Date(today), DAYS), [today]);
  const { data: spent } = useQuery(convexQuery(api.credits.history.spending, { boundaries }));
  const total = spent?.reduce((sum, day) => sum + day, 0);
  return (
    <Card title="Spent a day" Icon={ChartNoAxesColumn}>
      <p className="text-[13px] text-ink-2">
        {total === undefined
          ? "\u00a0"
          : `${credits(total)} in the last ${DAYS} days, refunds deducted`}
      </p>
      <div className="h-[168px]">
        {spent !== undefined && total === 0 && (
          <p className="grid h-full animate-appear place-items-center text-ink-2">
            Nothing was spent in these days.
          </p>
        )}
        {spent !== undefined && total !== 0 && (
          <SpendingChart days={spent.map((spent, i) => ({ start: boundaries[i] ?? 0, spent }))} />
        )}
      </div>
    </Card>
  );
}
