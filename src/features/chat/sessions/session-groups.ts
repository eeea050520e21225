/** What the list of chats needs to know of a session to put it in its place. */
export interface Dated {
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
}

export interface SessionGroup<T extends Dated> {
  readonly label: string;
  readonly sessions: readonly T[];
}

/** To make a format takes a hundred times as long as to use it, and a list may have thousands of lines. */
const MONTH = new Intl.DateTimeFormat("en", { month: "long", timeZone: "UTC" });
const MONTH_AND_YEAR = new Intl.DateTimeFormat("en", {
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});

/**
 * Groups sessions, newest first, under Today, Yesterday, Last 7 days, Last 30 days and then months,
 * by the calendar of the person's own zone.
 */
export function groupSessions<T extends Dated>(
  sessions: readonly T[],
  now: Date,
): SessionGroup<T>[] {
  const groups = new Map<string, T[]>();
  for (const session of sessions) {
    const label = groupLabel(new Date(session.updatedAt), now);
    const group = groups.get(label);
    if (group) group.push(session);
    else groups.set(label, [session]);
  }
  return Array.from(groups, ([label, members]) => ({ label, sessions: members }));
}

function groupLabel(date: Date, now: Date): string {
  const age = daysBetween(date, now);
  if (age <= 0) return "Today";
  if (age === 1) return "Yesterday";
  if (age < 7) return "Last 7 days";
  if (age < 30) return "Last 30 days";
  const sameYear = date.getFullYear() === now.getFullYear();
  return (sameYear ? MONTH : MONTH_AND_YEAR).format(Date.UTC(date.getFullYear(), date.getMonth()));
}

/** Midnights between two moments. Counted over noon, so that a 23-hour day is a day too. */
function daysBetween(earlier: Date, later: Date): number {
  const DAY_MS = 24 * 60 * 60 * 1000;
  return Math.round((noon(later) - noon(earlier)) / DAY_MS);
}

function noon(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate(), 12).getTime();
}
