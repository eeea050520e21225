import { useLayoutEffect, useRef, useState } from "react";

/**
 * A function that stays the same one, and does what the newest `work` does. For events: it must not
 * be called while drawing.
 */
export function useStable<Args extends unknown[], Result>(
  work: (...args: Args) => Result,
): (...args: Args) => Result {
  const latest = useRef(work);
  useLayoutEffect(() => {
    latest.current = work;
  });
  const [stable] = useState(
    () =>
      (...args: Args) =>
        latest.current(...args),
  );
  return stable;
}
