import { clsx } from "clsx";
import { useEffect } from "react";
import { announce } from "../lib/announce";

/** The last tenth of a limit is near it, and of a short one the last ten characters. */
const NEAR_SHARE = 0.1;
const NEAR_MIN = 10;

/**
 * How much a field that is cut at a limit still takes, on its edge, once that is little. Screen
 * readers are told when it becomes little and when nothing is left, not at each key. The field's
 * box must be `relative`.
 */
export function CharactersLeft({
  text,
  max,
  edge = "top",
}: {
  readonly text: string;
  readonly max: number;
  /** The one of the field that has room beside it. */
  readonly edge?: "top" | "bottom";
}) {
  const left = Math.max(0, max - text.length);
  const isNear = left <= Math.max(NEAR_MIN, max * NEAR_SHARE);
  return isNear ? <Shown left={left} max={max} edge={edge} /> : null;
}

function Shown({
  left,
  max,
  edge,
}: {
  readonly left: number;
  readonly max: number;
  readonly edge: "top" | "bottom";
}) {
  const isFull = left === 0;
  const fullWords = `Full: at most ${max.toLocaleString("en")} characters`;
  useEffect(() => announce(isFull ? fullWords : "Few characters are left."), [isFull, fullWords]);
  return (
    <span
      aria-hidden="true"
      className={clsx(
        edge === "top" ? "-top-2.5" : "-bottom-2.5",
        "pointer-events-none absolute right-3 z-10 rounded-full border border-line bg-raised px-2 text-xs leading-[18px] text-ink-2 tabular-nums",
      )}
    >
      {isFull ? fullWords : `${left} left`}
    </span>
  );
}
