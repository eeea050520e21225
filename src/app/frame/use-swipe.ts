import { type RefObject, useEffect, useRef } from "react";

/** A closed drawer is pulled in from this close to the edge, beyond the system's own gesture. */
const EDGE_PX = 40;
/** A finger that moves less is a tap, or has not made up its mind. */
const SLOP_PX = 8;
/** Faster than this, in px a millisecond, and the direction alone decides. */
const FLICK = 0.4;

interface Drag {
  readonly startX: number;
  readonly startY: number;
  readonly width: number;
  axis: "unknown" | "across";
  /** How far the drawer is in, from 0 to its width. */
  shown: number;
  lastX: number;
  lastAt: number;
  speed: number;
}

/**
 * Lets a finger push the drawer out and pull it in. The drawer follows the finger and goes, when it
 * is let go, where it was thrown or to the nearer side.
 */
export function useSwipe(
  drawer: RefObject<HTMLElement | null>,
  isOn: boolean,
  isOpen: boolean,
  settle: (open: boolean) => void,
) {
  const latest = useRef({ isOpen, settle });
  useEffect(() => {
    latest.current = { isOpen, settle };
  });

  useEffect(() => {
    if (!isOn) return;
    let drag: Drag | null = null;

    function start({ touches }: TouchEvent) {
      const [touch] = touches;
      const { isOpen } = latest.current;
      if (!touch || touches.length > 1 || !drawer.current) return;
      if (!isOpen && touch.clientX > EDGE_PX) return;
      const width = drawer.current.offsetWidth;
      const { clientX: x, clientY: y } = touch;
      drag = {
        startX: x,
        startY: y,
        width,
        axis: "unknown",
        shown: isOpen ? width : 0,
        lastX: x,
        lastAt: performance.now(),
        speed: 0,
      };
    }

    function move({ touches }: TouchEvent) {
      const [touch] = touches;
      if (!drag || !touch || !drawer.current) return;
      const across = touch.clientX - drag.startX;
      if (drag.axis === "unknown") {
        const down = Math.abs(touch.clientY - drag.startY);
        if (down > SLOP_PX && down > Math.abs(across)) drag = null;
        else if (Math.abs(across) > SLOP_PX) drag.axis = "across";
        if (drag?.axis !== "across") return;
      }
      const from = latest.current.isOpen ? drag.width : 0;
      drag.shown = Math.max(0, Math.min(drag.width, from + across));
      const now = performance.now();
      drag.speed = (touch.clientX - drag.lastX) / Math.max(1, now - drag.lastAt);
      drag.lastX = touch.clientX;
      drag.lastAt = now;
      place(drawer.current, `${drag.shown - drag.width}px`);
    }

    function end() {
      if (drawer.current) place(drawer.current, null);
      if (drag?.axis === "across") {
        const { speed, shown, width } = drag;
        latest.current.settle(Math.abs(speed) > FLICK ? speed > 0 : shown > width / 2);
      }
      drag = null;
    }

    const passive = { passive: true };
    document.addEventListener("touchstart", start, passive);
    document.addEventListener("touchmove", move, passive);
    document.addEventListener("touchend", end);
    document.addEventListener("touchcancel", end);
    return () => {
      document.removeEventListener("touchstart", start);
      document.removeEventListener("touchmove", move);
      document.removeEventListener("touchend", end);
      document.removeEventListener("touchcancel", end);
    };
  }, [drawer, isOn]);
}

/** Under the finger, or with `null` where the style sheet has it. */
function place({ style }: HTMLElement, translate: string | null) {
  style.translate = translate ?? "";
  style.transition = translate === null ? "" : "none";
  style.visibility = translate === null ? "" : "visible";
}
