import { useEffect, useRef, useState } from "react";
import { PaintPace } from "./paint-pace";

/** After a picture that took this page one unit of time, it rests for so many units. */
const REST = 20;
/** And never longer than this, in milliseconds. */
const REST_AT_MOST_MS = 3000;

/**
 * A value that follows `value` as often as the page can afford: at once where there is time, and
 * now and then while the processors are busy. For what changes beside the point.
 */
export function usePaced<T>(value: T): T {
  const [shown, setShown] = useState(value);
  const latest = useRef(value);
  const pace = useRef<PaintPace | null>(null);
  useEffect(() => {
    const made = new PaintPace(
      () => setShown(() => latest.current),
      (takes) => Math.min(takes * REST, REST_AT_MOST_MS),
    );
    pace.current = made;
    return () => made.end();
  }, []);
  useEffect(() => {
    latest.current = value;
    if (value !== shown) pace.current?.request();
  }, [value, shown]);
  return shown;
}
