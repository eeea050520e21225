import { ArrowDown } from "@/components/icons";
import {
  type CSSProperties,
  type ReactElement,
  type ReactNode,
  type Ref,
  type RefObject,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { Button } from "../../../components/button";
import { useIsPrinting } from "../../../lib/use-is-printing";
import { EndPin } from "./end-pin";
import { type ReadingPlace, useReadingPlace } from "./reading-place";
import { rowOf, type ThreadRow } from "./thread-rows";
import type { WantedMessage } from "../search/use-wanted-message";

/** The last rows stay on the page: the end is there at once, and a growing answer is never put up anew. */
const KEPT_ROWS = 6;
/** Older messages are fetched when the view comes this near to the first row, in rows. */
const LOAD_AHEAD_ROWS = 8;
/** Messages that are fetched at once on the way to one far up. */
const LOAD_TO_WANTED = 100;
/** Around the row that was wanted: it takes the focus and shows itself for a moment. */
const FOUND = {
  "data-found": true,
  tabIndex: -1,
  className: "animate-found rounded-bubble outline-none",
} as const;
/** The room above the first row, in pixels. */
const START_MARGIN_PX = 28;

/**
 * The scrolling conversation. Only the rows in view and a few more are on the page. It follows the
 * growing answer only while its end is in view, leaves at the first move upwards, and loads older
 * messages before they are reached, keeping what is read where it is.
 */
export function Thread({
  rows,
  renderRow,
  placeholder,
  sentKey,
  openedKey,
  wanted,
  left,
  onLeave,
  takesFocus,
  isWhole,
  loadOlder,
}: {
  readonly rows: readonly ThreadRow[];
  readonly renderRow: (row: ThreadRow) => ReactElement;
  /** In place of rows that are on their way. */
  readonly placeholder: ReactNode;
  /** A change of these brings the end into view: the person has just sent something… */
  readonly sentKey: string | null;
  /** …or asked for another answer. */
  readonly openedKey: string | null;
  /** A message to bring into view instead, however far up it is. */
  readonly wanted: WantedMessage | null;
  /** Where it was read when it was last on the page; `null` for the end. Read once. */
  readonly left: ReadingPlace | null;
  readonly onLeave: (place: ReadingPlace | null) => void;
  /** Once, as it comes onto the page. */
  readonly takesFocus: boolean;
  /** Whether all messages are there. */
  readonly isWhole: boolean;
  /** Absent when there is nothing older, or it is on its way. */
  readonly loadOlder: ((count?: number) => void) | null;
}) {
  const [pin] = useState(() => new EndPin(left === null));
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const isPinned = useSyncExternalStore(pin.subscribe, pin.isPinned);
  const isShifted = useIsShifted(rows);

  useLayoutEffect(() => {
    const [outer, inner] = [scroller.current, content.current];
    if (outer !== null && inner !== null) return pin.attach(outer, inner);
  }, [pin]);
  const focusFirst = useEffectEvent(() => {
    if (takesFocus) scroller.current?.focus();
  });
  useEffect(() => focusFirst(), []);
  useEffect(() => {
    if (sentKey !== null) pin.pin();
  }, [pin, sentKey]);
  useEffect(() => {
    if (openedKey !== null) pin.pin();
  }, [pin, openedKey]);

  useReadingPlace({
    ...{ left, onLeave, rows, isWhole, loadOlder, list, pin },
    startMargin: START_MARGIN_PX,
    isGivenUp: wanted !== null,
  });

  const wantedRow = wanted === null ? -1 : rowOf(rows, wanted.messageId);
  const isFound = useArrival(wanted, wantedRow, loadOlder, () => {
    pin.release();
    list.current?.scrollToIndex(wantedRow, { align: "center" });
    focusFound(scroller);
  });

  function loadWhenNear() {
    const { current } = list;
    if (current === null || loadOlder === null || current.viewportSize === 0) return;
    if (current.findItemIndex(current.scrollOffset) < LOAD_AHEAD_ROWS) loadOlder();
  }
  useEffect(loadWhenNear);

  const isPrinting = useIsPrinting();
  const kept = Array.from(
    { length: isPrinting ? rows.length : Math.min(KEPT_ROWS, rows.length) },
    (_, index) => rows.length - 1 - index,
  );
  return (
    <div className="thread relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label="Messages"
        tabIndex={0}
        className="h-full overflow-y-auto overscroll-contain [overflow-anchor:none] focus-visible:-outline-offset-2"
      >
        <div
          ref={content}
          style={{ paddingTop: START_MARGIN_PX }}
          className="mx-auto max-w-[744px] px-6 pb-1 max-wide:px-3.5"
        >
          {rows.length === 0 && placeholder}
          {!isWhole && (
            <p className="hidden pb-4 text-ink-2 print:block">
              Earlier messages are not printed. The whole chat can be exported.
            </p>
          )}
          <Virtualizer
            ref={list}
            as={Rows}
            scrollRef={scroller}
            startMargin={START_MARGIN_PX}
            data={rows}
            shift={isShifted}
            keepMounted={kept}
            bufferSize={400}
            onScroll={loadWhenNear}
          >
            {(row, index) => (
              <div key={row.key} className="pb-[22px] max-wide:pb-[18px]">
                <div {...(isFound && index === wantedRow && FOUND)}>{renderRow(row)}</div>
              </div>
            )}
          </Virtualizer>
        </div>
      </div>
      {!isPinned && (
        <Button
          size="icon"
          aria-label="Jump to latest"
          title="Jump to latest"
          className="absolute! bottom-3 left-1/2 -translate-x-1/2 animate-appear rounded-full! shadow-float print:hidden"
          onClick={() => {
            pin.pin();
            scroller.current?.focus({ preventScroll: true });
          }}
        >
          <ArrowDown size={17} strokeWidth={1.75} aria-hidden="true" />
        </Button>
      )}
    </div>
  );
}

/**
 * Focuses the row that was found. It takes a few frames until the list has it on the page, and a few
 * more until it is measured: before that it is hidden, and cannot be focused.
 */
function focusFound(scroller: RefObject<HTMLElement | null>, frames = 60) {
  requestAnimationFrame(() => {
    const found = scroller.current?.querySelector<HTMLElement>("[data-found]");
    found?.focus({ preventScroll: true });
    const isFocused = found && found === document.activeElement;
    if (!isFocused && frames > 0) focusFound(scroller, frames - 1);
  });
}

/**
 * Leads to a wanted row once: asks for older rows until it is there, then calls `arrive`. Returns
 * whether it has arrived.
 */
function useArrival(
  wanted: WantedMessage | null,
  index: number,
  loadOlder: ((count?: number) => void) | null,
  arrive: () => void,
): boolean {
  const [arrivedAt, setArrivedAt] = useState<WantedMessage | null>(null);
  const isFound = wanted !== null && arrivedAt === wanted;
  const latest = useRef(arrive);
  useEffect(() => {
    latest.current = arrive;
  });
  const isMissing = wanted !== null && !isFound && index === -1;
  useEffect(() => {
    if (isMissing) loadOlder?.(LOAD_TO_WANTED);
  }, [isMissing, loadOlder]);
  if (wanted !== null && !isFound && index !== -1) setArrivedAt(wanted);
  const visit = isFound ? wanted.visit : null;
  useEffect(() => {
    if (visit !== null) latest.current();
  }, [visit]);
  return isFound;
}

/** The list's own box, which stays open to the pointer while the end is being followed. */
function Rows({
  style,
  ...rest
}: {
  readonly style: CSSProperties;
  readonly children: ReactNode;
  readonly ref?: Ref<HTMLDivElement>;
}) {
  return <div className="thread-rows" style={{ ...style, pointerEvents: undefined }} {...rest} />;
}

/** Whether the last change of the rows put some before the first: what is in view then stays there. */
function useIsShifted(rows: readonly ThreadRow[]): boolean {
  const [seen, setSeen] = useState({ rows, isShifted: false });
  if (seen.rows === rows) return seen.isShifted;
  const firstKey = seen.rows[0]?.key;
  const isShifted = rows.findIndex(({ key }) => key === firstKey) > 0;
  setSeen({ rows, isShifted });
  return isShifted;
}
