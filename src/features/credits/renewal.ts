// Without `Intl`, whose first use costs a phone a tenth of a second, and these are on every page.
const MONTHS = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
];

/**
 * `1 December at 01:00`: when credits renew, in the person's own zone. The hour belongs to it: the
 * month is UTC's, so that elsewhere it begins in the middle of a day, and often on the day before.
 */
export function renewalTime(nextResetAt: number): string {
  const at = new Date(nextResetAt);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${renewalDay(nextResetAt)} at ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** `1 December`: the day of it, where there is no room for more. */
export function renewalDay(nextResetAt: number): string {
  const at = new Date(nextResetAt);
  return `${at.getDate()} ${MONTHS[at.getMonth()]}`;
}
