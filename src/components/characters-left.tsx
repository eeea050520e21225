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
export function CharactersLeft({ text, max }: { readonly text: string; readonly max: number }) {
  const left = Math.max(0, max - text.length);
  const isNear = left <= Math.max(NEAR_MIN, max * NEAR_SHARE);
  return isNear ? <Shown left={left} max={max} /> : null;
}

function Shown({ left, max }: { readonly left: number; readonly max: number }) {
  const isFull = left === 0;
  const fullWords = `Full: at most ${max.toLocaleString("en")} characters`;
  useEffect(() => announce(isFull ? fullWords : "Few characters are left."), [isFull, fullWords]);
  return (
    <span
      aria-hidden="true"
      className="pointer-events-none absolute -top-2.5 right-3 z-10 rounded-full border border-line bg-raised px-2 text-xs leading-[18px] text-ink-2 tabular-nums"
    >
      {isFull ? fullWords : `${left} left`}
    </span>
  );
}
