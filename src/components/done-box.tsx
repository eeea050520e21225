import { clsx } from "clsx";
import { Check } from "@/components/icons";

/** A box to tick; 44 px for a finger. */
export function DoneBox({
  title,
  checked,
  onChange,
}: {
  /** What it is that is done. */
  readonly title: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  return (
    <button
      type="button"
      role="checkbox"
      aria-checked={checked}
      aria-label={`Done: ${title}`}
      onClick={() => onChange(!checked)}
      className={clsx(
        "touch-target grid size-[18px] flex-none place-items-center rounded-[5px] border-[1.5px] transition-colors duration-150",
        checked
          ? "border-accent bg-accent text-accent-ink"
          : "border-ink-3 hover:border-accent-text",
      )}
    >
      {checked && <Check size={13} strokeWidth={2.5} aria-hidden="true" />}
    </button>
  );
}
