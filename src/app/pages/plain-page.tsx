import type { ReactNode } from "react";

/** A page that says one thing: a headline, a sentence or two, and the way on. */
export function PlainPage({
  title,
  children,
  action,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <main className="grid h-full min-h-80 place-items-center overflow-auto px-6 py-10">
      <div className="max-w-md">
        <h1 className="font-display text-[34px] leading-tight tracking-[-0.015em]">{title}</h1>
        <div className="mt-2 text-base leading-relaxed text-ink-2">{children}</div>
        {action && <div className="mt-6 flex flex-wrap gap-2">{action}</div>}
      </div>
    </main>
  );
}
