/** A share of a whole, drawn; the number always stands beside it. */
export function Meter({ share }: { /** From 0 to 1. */ readonly share: number }) {
  return (
    <span
      className="block h-1.5 overflow-hidden rounded-full bg-shade forced-color-adjust-none"
      aria-hidden="true"
    >
      <span
        className="block h-full origin-left rounded-full bg-accent transition-transform duration-150"
        style={{ transform: `scaleX(${Math.max(0, Math.min(1, share))})` }}
      />
    </span>
  );
}
