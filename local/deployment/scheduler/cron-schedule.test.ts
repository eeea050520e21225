import { expect, test } from "vitest";
import { firstRun, nextRun, scheduleFault, type CronSchedule } from "./cron-schedule.ts";

const NOON = Date.parse("2026-03-10T12:00:00Z"); // A Tuesday.

const next = (schedule: CronSchedule, after = NOON) =>
  new Date(nextRun("job", schedule, after, after)).toISOString();

test("calendar schedules name the next time in UTC", () => {
  expect(next({ type: "hourly", minuteUTC: 15 })).toBe("2026-03-10T12:15:00.000Z");
  expect(next({ type: "hourly", minuteUTC: 0 })).toBe("2026-03-10T13:00:00.000Z");
  expect(next({ type: "daily", hourUTC: 3, minuteUTC: 30 })).toBe("2026-03-11T03:30:00.000Z");
  const monday = { type: "weekly", dayOfWeek: "monday", hourUTC: 0, minuteUTC: 5 } as const;
  expect(next(monday)).toBe("2026-03-16T00:05:00.000Z");
  expect(next({ type: "cron", cron: "*/20 12 * * *" })).toBe("2026-03-10T12:20:00.000Z");
});

test("the 31st comes only in months that have one", () => {
  const last = { type: "monthly", day: 31, hourUTC: 1, minuteUTC: 0 } as const;
  expect(next(last)).toBe("2026-03-31T01:00:00.000Z");
  expect(next(last, Date.parse("2026-03-31T02:00:00Z"))).toBe("2026-05-31T01:00:00.000Z");
});

test("an interval begins at once, keeps its rhythm, and skips what was missed", () => {
  const everyMinute = { type: "interval", minutes: 1 } as const;
  expect(firstRun("job", everyMinute, NOON)).toBe(NOON);
  expect(nextRun("job", everyMinute, NOON, NOON + 5)).toBe(NOON + 60_000);
  expect(nextRun("job", everyMinute, NOON, NOON + 150_000)).toBe(NOON + 180_000);
});

test("an interval is as long as its parts together, also under a clock that was set back", () => {
  const schedule = { type: "interval", hours: 1, minutes: 1, seconds: 30 } as const;
  const period = ((60 + 1) * 60 + 30) * 1000;
  expect(nextRun("job", schedule, NOON, NOON)).toBe(NOON + period);
  expect(nextRun("job", schedule, NOON, NOON - 3 * period)).toBe(NOON + period);
});

test("a calendar job waits for its first time, and comes no two times for one, nor for what was missed", () => {
  const daily = { type: "daily", hourUTC: 12, minuteUTC: 0 } as const;
  const day = 24 * 60 * 60 * 1000;
  expect(firstRun("job", daily, NOON + 1)).toBe(NOON + day);
  // The clock is a little behind what was due by it.
  expect(nextRun("job", daily, NOON, NOON - 5)).toBe(NOON + day);
  expect(nextRun("job", daily, NOON, NOON + 3 * day + 1)).toBe(NOON + 4 * day);
});

test("jobs that leave the minute open are spread over the hour", () => {
  const names = Array.from({ length: 100 }, (_, n) => `job ${n}`);
  const times = names.map((name) => firstRun(name, { type: "hourly" }, NOON));
  expect(new Set(times).size).toBeGreaterThan(20);
  expect(times.every((time) => time > NOON && time <= NOON + 60 * 60 * 1000)).toBe(true);
});

test("a job that leaves the minute open always runs at the same one", () => {
  const schedule = { type: "daily", hourUTC: 4 } as const;
  const first = nextRun("report", schedule, NOON, NOON);
  expect(nextRun("report", schedule, first, first) - first).toBe(24 * 60 * 60 * 1000);
});

test.each([
  "61 * * * *",
  "0 9 * * MON-FRY",
  "",
  "@daily",
  "* * * * * *",
  "0 0 * * 7",
  "0 0 * * 1-7",
  "0 0 30 2 *",
])("a job cannot have the schedule %j", (cron) => {
  expect(scheduleFault({ type: "cron", cron })).toEqual(expect.any(String));
});

test.each(["*/20 12 * * *", "0 9 * * MON-FRI", " 5 4 1 1 0 ", "0 0 29 2 *"])(
  "a job can have the schedule %j",
  (cron) => {
    expect(scheduleFault({ type: "cron", cron })).toBeNull();
  },
);

test("schedules without a cron string can be had", () => {
  expect(scheduleFault({ type: "interval", seconds: 5 })).toBeNull();
  expect(scheduleFault({ type: "monthly", day: 31, hourUTC: 1 })).toBeNull();
});
