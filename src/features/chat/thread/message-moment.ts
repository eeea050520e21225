const DAY_MS = 24 * 60 * 60 * 1000;

// Made with the first message that is shown: the first of them costs a phone a tenth of a second.
const clock = once({ timeStyle: "short" });
const dayAndClock = once({ month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });
const moment = once({ dateStyle: "full", timeStyle: "medium" });

function once(options: Intl.DateTimeFormatOptions): () => Intl.DateTimeFormat {
  let format: Intl.DateTimeFormat | undefined;
  return () => (format ??= new Intl.DateTimeFormat("en-GB", options));
}

/** A time of the last day as `14:05`, an earlier one with its day, in the person's own zone. */
export function formatTime(timestamp: number, now: number): string {
  return (now - timestamp < DAY_MS ? clock() : dayAndClock()).format(timestamp);
}

/** The whole of it. */
export function formatMoment(timestamp: number): string {
  return moment().format(timestamp);
}
