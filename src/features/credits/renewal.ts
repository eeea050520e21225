/**
 * `1 December at 01:00`: when credits renew, in the person's own zone. The hour belongs to it: the
 * month is UTC's, so that elsewhere it begins in the middle of a day, and often on the day before.
 */
export function renewalTime(nextResetAt: number, timeZone?: string): string {
  const at = new Date(nextResetAt);
  const time = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone });
  return `${renewalDay(nextResetAt, timeZone)} at ${time}`;
}

/** `1 December`: the day of it, where there is no room for more. */
export function renewalDay(nextResetAt: number, timeZone?: string): string {
  return new Date(nextResetAt).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    timeZone,
  });
}
