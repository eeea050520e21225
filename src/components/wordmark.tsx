/** The sign and the name. In a sidebar that has no room for words the sign stands alone. */
export function Wordmark() {
  return (
    <span className="touch-target flex items-center gap-[9px] font-display text-[22px] leading-none font-medium tracking-[-0.01em]">
      <WordmarkSign />
      <span className="frame-words">Parley</span>
    </span>
  );
}

export function WordmarkSign() {
  return (
    <svg viewBox="0 0 18 18" className="size-[18px] flex-none" aria-hidden="true">
      <path
        className="fill-accent"
        d="M6 0h6a6 6 0 0 1 6 6v6a6 6 0 0 1-6 6H2a2 2 0 0 1-2-2V6a6 6 0 0 1 6-6Z"
      />
      <path
        className="fill-none stroke-accent-ink"
        strokeWidth="2"
        strokeLinecap="round"
        d="M6 6.500h6M6 9.800h6"
      />
    </svg>
  );
}
