import type { LucideIcon } from "@/components/icons";
import { type ReactNode, useId } from "react";

/** A titled region of a page. */
export function Card({
  title,
  Icon,
  children,
}: {
  readonly title: string;
  readonly Icon: LucideIcon;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="flex flex-col gap-3 rounded-card border border-line bg-raised px-5 py-[18px]"
    >
      <h2 id={id} className="flex items-center gap-2 text-sm leading-none font-[550] text-ink-2">
        <Icon size={17} strokeWidth={1.75} aria-hidden="true" />
        {title}
      </h2>
      {children}
    </section>
  );
}
