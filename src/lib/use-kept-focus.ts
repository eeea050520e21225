import { type FocusEvent, useEffectEvent, useLayoutEffect, useRef } from "react";

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

const CONTROLS = "button, a, input";

/** As above for a list: the focus goes on to what stands then where the row stood that had it. */
export function useKeptPlace() {
  const list = useRef<HTMLUListElement>(null);
  const place = useRef({ row: 0, control: 0 });
  const { onFocus, onBlur } = useKeptFocus(() => {
    const { row, control } = place.current;
    const rows = list.current?.children ?? [];
    const controls = rows[Math.min(row, rows.length - 1)]?.querySelectorAll<HTMLElement>(CONTROLS);
    (controls?.[control] ?? controls?.[0])?.focus();
  });
  return {
    ref: list,
    onFocus: ({ target }: FocusEvent) => {
      onFocus();
      const row = [...(list.current?.children ?? [])].find((child) => child.contains(target));
      if (row === undefined) return;
      place.current = {
        row: [...(list.current?.children ?? [])].indexOf(row),
        control: [...row.querySelectorAll(CONTROLS)].indexOf(target),
      };
    },
    onBlur,
  };
}
