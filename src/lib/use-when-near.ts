import { useEffect, useRef } from "react";

/**
 * Calls `onNear` when the element that the given ref is put on comes nearer than so many pixels to
 * the lower edge of what scrolls it: the page, or the element that `scroller` selects.
 */
export function useWhenNear<Place extends HTMLElement>(
  onNear: () => void,
  pixels: number,
  scroller?: string,
) {
  const place = useRef<Place>(null);
  useEffect(() => {
    const { current } = place;
    if (current === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) onNear();
      },
      {
        root: scroller === undefined ? null : current.closest(scroller),
        rootMargin: `0px 0px ${pixels}px`,
      },
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, [onNear, pixels, scroller]);
  return place;
}
