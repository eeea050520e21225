import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { Link } from "react-router";

const look = cva(
  "touch-target inline-flex items-center justify-center gap-2 rounded-control border font-[550] transition-[background-color,border-color] duration-150 disabled:cursor-default disabled:opacity-55",
  {
    variants: {
      kind: {
        primary:
          "border-accent bg-accent text-accent-ink not-disabled:hover:bg-[color-mix(in_oklch,var(--accent)_90%,black)]",
        quiet: "border-line bg-raised text-ink not-disabled:hover:bg-panel",
        bare: "border-transparent text-ink-2 not-disabled:hover:bg-shade not-disabled:hover:text-ink",
      },
      size: {
        normal: "min-h-10 px-4 pointer-coarse:min-h-11 max-wide:min-h-11",
        small: "min-h-8 px-3 text-[13.5px]",
        icon: "size-9 rounded-[9px]",
        "icon-small": "size-[30px] rounded-lg",
      },
    },
    defaultVariants: { kind: "quiet", size: "normal" },
  },
);

/** Every button's look. `type` is `button` unless said otherwise, so that none submits by accident. */
export function Button({
  kind,
  size,
  className,
  type = "button",
  ...rest
}: ComponentProps<"button"> & VariantProps<typeof look>) {
  return <button type={type} className={look({ kind, size, className })} {...rest} />;
}

/** A way to another page that looks like a button. */
export function ButtonLink({
  kind,
  size,
  className,
  ...rest
}: ComponentProps<typeof Link> & VariantProps<typeof look>) {
  return <Link className={look({ kind, size, className })} {...rest} />;
}
