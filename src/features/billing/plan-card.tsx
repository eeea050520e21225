import { clsx } from "clsx";
import type { ReactNode } from "react";

/** One thing that can be bought: what it is, what it is worth, its price, and the way to it. */
export function PlanCard({
  name,
  unit,
  worth,
  cost,
  per,
  badge,
  isStrong = false,
  action,
}: {
  readonly name: string;
  readonly unit: string;
  readonly worth: ReactNode;
  readonly cost: string;
  readonly per?: string;
  readonly badge?: string;
  readonly isStrong?: boolean;
  readonly action: ReactNode;
}) {
  return (
    <section
      className={clsx(
        "relative flex min-h-[250px] flex-col max-[560px]:min-h-0 rounded-card border px-5 pt-4 pb-[18px]",
        isStrong
          ? "border-[color-mix(in_oklab,var(--accent)_45%,var(--line))] bg-accent-soft"
          : "border-line bg-raised",
      )}
    >
      {badge !== undefined && (
        <p className="absolute -top-[11px] right-[15px] rounded-full bg-good-soft px-2.5 py-[3px] text-[12.5px] leading-[16px] font-[550] text-good">
          {badge}
        </p>
      )}
      <h3 className="flex items-baseline gap-2.5 font-display text-[36px] leading-[1.1] lining-nums">
        {name}
        <span className="font-sans text-sm leading-none font-normal text-ink-2">{unit}</span>
      </h3>
      <p className="mt-3 text-[13.5px] text-ink-2">{worth}</p>
      <p className="mt-auto pt-6 font-display text-[30px] leading-none lining-nums">
        {cost}
        {per !== undefined && (
          <span className="font-sans text-sm font-normal text-ink-2">{per}</span>
        )}
      </p>
      <div className="mt-3.5 flex flex-col">{action}</div>
    </section>
  );
}
