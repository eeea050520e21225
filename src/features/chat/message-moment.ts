const DAY_MS = 24 * 60 * 60 * 1000;

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  month: "short",
  day: "numeric",
  hour: "numeric",
  minute: "2-digit",
});
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

/** A time of the last day as `14:05`, an earlier one with its day, in the person's own zone. */
export function formatTime(timestamp: number, now: number): string {
  return (now - timestamp < DAY_MS ? clock : dayAndClock).format(timestamp);
}

/** The whole of it. */
export function formatMoment(timestamp: number): string {
  return moment.format(timestamp);
}
