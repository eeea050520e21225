import { clsx } from "clsx";
import { CircleAlert } from "@/components/icons";
import type { ReactNode } from "react";

/** A sentence about something that went wrong, in the place where it did, with the way on beside it. */
export function Notice({
  children,
  action,
  className,
  announced = false,
}: {
  readonly children: ReactNode;
  readonly action?: ReactNode;
  readonly className?: string;
  /** Read out at once by screen readers: only for what the person has just caused. */
  readonly announced?: boolean;
}) {
  return (
    <div
      role={announced ? "alert" : undefined}
      className={clsx(
        "flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl bg-bad-soft px-3.5 py-2.5 text-sm text-ink",
        className,
      )}
    >
      <CircleAlert className="size-4 flex-none text-bad" strokeWidth={1.75} aria-hidden="true" />
      <p className="min-w-0 flex-1 basis-56">{children}</p>
      {action}
    </div>
  );
}
