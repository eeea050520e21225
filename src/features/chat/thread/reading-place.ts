import { type RefObject, useEffectEvent, useLayoutEffect, useRef } from "react";
import type { VirtualizerHandle } from "virtua";
import type { EndPin } from "./end-pin";
import type { ThreadRow } from "./thread-rows";

/** Where somebody reads in a chat: the row that is cut by the view's upper edge, and where it is cut. */
export interface ReadingPlace {
  readonly rowKey: string;
  /** Pixels of the row that are above the view. */
  readonly above: number;
}

/** Older messages that are fetched at once on the way back. */
const LOAD_AT_ONCE = 100;

/**
 * Brings the view back to where the chat was left, once the rows up to there are loaded, and tells
 * `onLeave` where it is left again. Whoever was at the end, or has sent something meanwhile, is at
 * the end: for them there is no place.
 */
export function useReadingPlace({
  left,
  onLeave,
  isGivenUp,
  rows,
  isWhole,
  loadOlder,
  list,
  startMargin,
  pin,
}: {
  readonly left: ReadingPlace | null;
  readonly onLeave: (place: ReadingPlace | null) => void;
  /** The person came for something else. */
  readonly isGivenUp: boolean;
  readonly rows: readonly ThreadRow[];
  readonly isWhole: boolean;
  readonly loadOlder: ((count?: number) => void) | null;
  readonly list: RefObject<VirtualizerHandle | null>;
  /** The room above the first row, in pixels. */
  readonly startMargin: number;
  readonly pin: EndPin;
}) {
  const wanted = useRef(left);

  useLayoutEffect(() => {
    const place = wanted.current;
    if (place === null || rows.length === 0) return;
    const index = rows.findIndex(({ key }) => key === place.rowKey);
    if (isGivenUp || pin.isPinned()) {
      wanted.current = null;
    } else if (index !== -1) {
      list.current?.scrollToIndex(index, { align: "start", offset: place.above });
      wanted.current = null;
    } else if (isWhole) {
      // Another device has turned to another version.
      pin.pin();
    } else {
      loadOlder?.(LOAD_AT_ONCE);
    }
  }, [rows, isGivenUp, isWhole, loadOlder, list, pin]);

  const leave = useEffectEvent(() => {
    onLeave(pin.isPinned() ? null : (wanted.current ?? placeNow(list.current, startMargin, rows)));
  });
  useLayoutEffect(() => () => leave(), []);
}

function placeNow(
  list: VirtualizerHandle | null,
  startMargin: number,
  rows: readonly ThreadRow[],
): ReadingPlace | null {
  if (list === null) return null;
  const top = list.scrollOffset - startMargin;
  const index = list.findItemIndex(list.scrollOffset);
  const row = rows[index];
  return row ? { rowKey: row.key, above: top - list.getItemOffset(index) } : null;
}
