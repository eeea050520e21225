import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useSwipe } from "./use-swipe";

const narrow = window.matchMedia("(width < 51.25rem)");

function subscribeToNarrow(listener: () => void) {
  narrow.addEventListener("change", listener);
  return () => narrow.removeEventListener("change", listener);
}

/**
 * The drawer of a narrow screen. It opens by its button and by a swipe from the edge; it closes by
 * a swipe back, by Escape, by its shade and by going anywhere. The focus moves into it, stays in it
 * while it is open, and goes back to where it came from.
 *
 * @param visit changes with every navigation, also one to the same address
 */
export function useDrawer(visit: string) {
  const ref = useRef<HTMLDivElement>(null);
  const openedFrom = useRef<HTMLElement | null>(null);
  const isNarrow = useSyncExternalStore(subscribeToNarrow, () => narrow.matches);
  const [openedAt, setOpenedAt] = useState<string | null>(null);
  const isOpen = isNarrow && openedAt === visit;

  function close() {
    setOpenedAt(null);
  }

  function open() {
    if (isOpen) return;
    openedFrom.current = document.activeElement as HTMLElement | null;
    setOpenedAt(visit);
  }

  useSwipe(ref, isNarrow, isOpen, (wanted) => (wanted ? open() : close()));

  useEffect(() => {
    if (!isOpen) return;
    focusable(ref.current)[0]?.focus();
    const onKey = (event: KeyboardEvent) => {
      // A menu or a dialog over the drawer answers first.
      if (event.defaultPrevented) return;
      if (event.key === "Escape") {
        event.preventDefault();
        setOpenedAt(null);
      }
      if (event.key === "Tab") keepInside(event, ref.current);
    };
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("keydown", onKey);
      openedFrom.current?.focus();
    };
  }, [isOpen]);

  return { ref, isOpen, isInert: isNarrow && !isOpen, open, close };
}

/** From the last element on to the first, and back. */
function keepInside(event: KeyboardEvent, drawer: HTMLElement | null) {
  if (!drawer?.contains(document.activeElement)) return;
  const elements = focusable(drawer);
  const edge = event.shiftKey ? elements[0] : elements.at(-1);
  if (document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? elements.at(-1) : elements[0])?.focus();
}

function focusable(drawer: HTMLElement | null): HTMLElement[] {
  return [...(drawer?.querySelectorAll<HTMLElement>("a, button, input") ?? [])].filter(
    (element) => element.tabIndex >= 0 && element.checkVisibility(),
  );
}
