import { useEffectEvent, useLayoutEffect, useRef } from "react";

/**
 * Keeps the focus when the part of a box that has it is taken off the page: it then goes to another
 * place, where it would be nowhere.
 *
 * @param giveTo focuses that place
 * @returns to be spread on the box, by the component whose drawing takes the parts away
 */
export function useKeptFocus(giveTo: () => void) {
  const isInside = useRef(false);
  const give = useEffectEvent(giveTo);
  useLayoutEffect(() => {
    if (!isInside.current || document.activeElement !== document.body) return;
    isInside.current = false;
    give();
  });
  return {
    onFocus: () => {
      isInside.current = true;
    },
    onBlur: () => {
      isInside.current = false;
    },
  };
}
