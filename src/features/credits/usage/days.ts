/**
 * Where each of the last `count` days begins in the person's own zone, the day of `now` last, and
 * where that day ends: one time more than days, in Unix milliseconds, rising. A day is as long as
 * the clocks make it.
 */
export function dayBoundaries(now: Date, count: number): number[] {
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
  return Array.from({ length: count + 1 }, (_, i) =>
    new Date(year, month, day - count + 1 + i).getTime(),
  );
}
