import { useSyncExternalStore } from "react";
import { monthStart, nextReset } from "../../../convex/credits/rules";

/** Browsers fire a longer timer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The start of the UTC month by this browser's clock; changes in the instant in which one begins. */
export function useMonth(): number {
  return useSyncExternalStore(subscribe, () => monthStart(Date.now()));
}

function subscribe(listener: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  function look() {
    listener();
    clearTimeout(timer);
    const now = Date.now();
    timer = setTimeout(look, Math.min(nextReset(now) - now, LONGEST_TIMER_MS));
  }
  look();
  // A machine that slept holds its timers back.
  document.addEventListener("visibilitychange", look);
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
  };
}
