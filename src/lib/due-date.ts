/** The day of the person's own calendar that `now` is in: `2026-11-21`. */
export function calendarDayOf(now: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** Where a day stands to today: `Overdue`, `Today`, `Tomorrow`, `Fri 27 Nov`, with the year when it is another. */
export function dueWords(dueOn: string, now: Date): { text: string; isLate: boolean } {
  const days = daysBetween(calendarDayOf(now), dueOn);
  if (days < 0) return { text: "Overdue", isLate: true };
  if (days === 0) return { text: "Today", isLate: false };
  if (days === 1) return { text: "Tomorrow", isLate: false };
  return { text: dayWords(dueOn, now), isLate: false };
}

/** `Fri 27 Nov`, or `Fri 1 Jan 2027` in another year. */
export function dayWords(day: string, now: Date): string {
  const isThisYear = day.startsWith(`${now.getFullYear()}-`);
  return new Date(`${day}T00:00:00Z`)
    .toLocaleDateString("en-GB", {
      timeZone: "UTC",
      weekday: "short",
      day: "numeric",
      month: "short",
      ...(isThisYear ? {} : { year: "numeric" }),
    })
    .replace(",", "");
}

/** Whole days from one calendar day to another, whatever the zone does to its clocks between. */
function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}
