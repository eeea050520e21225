import { cloneElement, type ReactElement, type ReactNode, useId } from "react";

/**
 * A few words about the one element inside, on hover and on focus. Never the only place where
 * something is said: a finger cannot hover. It begins where the element begins, so that it stays in
 * view at the left edge.
 */
export function Tooltip({
  words,
  children,
}: {
  readonly words: ReactNode;
  /** One element that can be focused. */
  readonly children: ReactElement<{ "aria-describedby"?: string }>;
}) {
  const id = useId();
  return (
    <span className="group/tip relative inline-flex">
      {cloneElement(children, { "aria-describedby": id })}
      <span
        id={id}
        role="tooltip"
        className="pointer-events-none invisible absolute bottom-full left-0 z-50 mb-1.5 w-max max-w-64 rounded-lg bg-ink px-2.5 py-1.5 text-[13px] leading-snug text-paper opacity-0 shadow-float transition-opacity duration-150 group-hover/tip:visible group-hover/tip:opacity-100 group-hover/tip:delay-[400ms] group-has-focus-visible/tip:visible group-has-focus-visible/tip:opacity-100"
      >
        {words}
      </span>
    </span>
  );
}
