import { Bar, BarChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { credits, inThousands } from "../balance-words";
import { ticksUpTo } from "./ticks";

export interface Day {
  /** Unix milliseconds. */
  readonly start: number;
  /** Credits. */
  readonly spent: number;
}

const TICK = { fill: "var(--ink-2)", fontSize: 12 };

/** A bar a day. */
export default function SpendingChart({ days }: { readonly days: readonly Day[] }) {
  const ticks = ticksUpTo(Math.max(...days.map(({ spent }) => spent)));
  return (
    <figure className="h-full" aria-label={summary(days)}>
      <ResponsiveContainer>
        <BarChart
          aria-label="Day by day, with the arrow keys"
          data={[...days]}
          margin={{ top: 8, right: 0, bottom: 0, left: 0 }}
        >
          <XAxis
            dataKey="start"
            tickFormatter={shortDay}
            tick={TICK}
            tickLine={false}
            axisLine={{ stroke: "var(--line)" }}
            minTickGap={28}
          />
          <YAxis
            width={36}
            tick={TICK}
            tickLine={false}
            axisLine={false}
            ticks={ticks}
            domain={[0, ticks.at(-1) ?? 0]}
            tickFormatter={inThousands}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: "var(--ink)", opacity: 0.06 }}
            content={<DayTip />}
          />
          <Bar
            dataKey="spent"
            fill="var(--accent)"
            radius={[3, 3, 0, 0]}
            maxBarSize={28}
            isAnimationActive={false}
          />
        </BarChart>
      </ResponsiveContainer>
    </figure>
  );
}

/** The chart gives it the day below the pointer. */
function DayTip({ payload }: { readonly payload?: readonly { readonly payload: Day }[] }) {
  const day = payload?.[0]?.payload;
  if (day === undefined) return null;
  return (
    <p className="rounded-lg border border-line bg-raised px-2.5 py-1.5 text-[13px] shadow-float">
      {shortDay(day.start)}: <strong>{credits(day.spent)}</strong>
    </p>
  );
}

/** The chart in a sentence, for who cannot see it. */
function summary(days: readonly Day[]): string {
  const most = days.reduce((best, day) => (day.spent > best.spent ? day : best));
  const spentOn = days.filter(({ spent }) => spent > 0);
  return (
    `Credits spent on each of ${days.length} days. Spent on ${spentOn.length} of them, ` +
    `most on ${shortDay(most.start)}: ${credits(most.spent)}.`
  );
}

function shortDay(start: number): string {
  return new Date(start).toLocaleDateString("en-GB", { day: "numeric", month: "short" });
}
