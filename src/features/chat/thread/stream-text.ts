/** How far a growing answer has been followed. */
export interface StreamProgress {
  /** Pages that are full and will not change: they are no longer watched. */
  readonly settledPages: number;
  /** The text of those pages. */
  readonly settledText: string;
  /** What is on the page. */
  readonly shown: string;
}

export const STREAM_START: StreamProgress = { settledPages: 0, settledText: "", shown: "" };

/** A page's text; `undefined` while loading, `null` when it does not exist. */
type PageText = string | null | undefined;

/**
 * The pages to subscribe to when `opened` pages are known to exist: those that are not settled and
 * one ahead, so that a page's first letters need no extra round trip to be noticed.
 *
 * @param opened `undefined` while that is being asked.
 */
export function pagesToWatch(settledPages: number, opened: number | undefined): number[] {
  const ahead = Math.max(opened ?? 0, settledPages + 1);
  return Array.from({ length: ahead - settledPages + 1 }, (_, index) => settledPages + index);
}

/**
 * Takes in what the live queries say now. Returns the same object when that changes nothing.
 *
 * Someone who comes in the middle gets the whole beginning at once: nothing until every page that is
 * known to be open has arrived. From then on the text never gets shorter, because pages may come
 * back one by one after a reconnect, and are removed when the answer is finished.
 */
export function follow(
  progress: StreamProgress,
  opened: number | undefined,
  page: (number: number) => PageText,
): StreamProgress {
  const open = Array.from({ length: (opened ?? 0) - progress.settledPages }, (_, index) =>
    page(progress.settledPages + index),
  );
  if (progress.shown === "" && (opened === undefined || open.includes(undefined))) return progress;

  let { settledPages, settledText } = progress;
  let text = settledText;
  for (const pageNumber of pagesToWatch(settledPages, opened)) {
    const pageText = page(pageNumber);
    // What comes after a gap would be read in the wrong place.
    if (typeof pageText !== "string") break;
    text += pageText;
    const isFull = opened !== undefined && pageNumber < opened - 1;
    if (isFull) [settledPages, settledText] = [pageNumber + 1, text];
  }
  const shown = text.length >= progress.shown.length ? text : progress.shown;
  if (settledPages === progress.settledPages && shown === progress.shown) return progress;
  return { settledPages, settledText, shown };
}
