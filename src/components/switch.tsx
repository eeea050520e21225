import type { ReactNode } from "react";

/**
 * Something that is on or off, and takes effect at once. Its label stands beside it and is part of
 * what can be pressed.
 */
export function Switch({
  label,
  name,
  checked,
  onChange,
  disabled = false,
}: {
  readonly label: ReactNode;
  /** What it is called where the label is too short to say so. */
  readonly name?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}) {
  return (
    <label className="inline-flex items-center gap-2 has-disabled:opacity-55">
      {label}
      <button
        type="button"
        role="switch"
        aria-label={name}
        aria-checked={checked}
        disabled={disabled}
        onClick={() => onChange(!checked)}
        className="group touch-target h-4 w-[26px] flex-none rounded-full bg-[color-mix(in_oklch,var(--ink)_30%,transparent)] p-0.5 transition-colors duration-150 aria-checked:bg-accent"
      >
        <span className="block size-3 rounded-full bg-[white] transition-transform duration-150 group-aria-checked:translate-x-2.5" />
      </button>
    </label>
  );
}
