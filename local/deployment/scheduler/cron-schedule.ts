import { Cron } from "croner";

/** A schedule as `crons.ts` exports it. All times are UTC. */
export type CronSchedule =
  | {
      readonly type: "interval";
      readonly seconds?: number;
      readonly minutes?: number;
      readonly hours?: number;
    }
  | { readonly type: "hourly"; readonly minuteUTC?: number }
  | { readonly type: "daily"; readonly hourUTC: number; readonly minuteUTC?: number }
  | {
      readonly type: "weekly";
      readonly dayOfWeek: string;
      readonly hourUTC: number;
      readonly minuteUTC?: number;
    }
  | {
      readonly type: "monthly";
      readonly day: number;
      readonly hourUTC: number;
      readonly minuteUTC?: number;
    }
  | { readonly type: "cron"; readonly cron: string };

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** Such as the 30th of February. */
const NEVER = Number.MAX_SAFE_INTEGER;

/**
 * Why no job can have this schedule; `null` when one can. As in Convex, a cron string has five
 * fields, Sunday is 0 and never 7, and a time has to come that it names.
 */
export function scheduleFault(schedule: CronSchedule): string | null {
  if (schedule.type === "interval") return null;
  try {
    if (schedule.type === "cron") demandFiveFields(schedule.cron);
    if (nextMatch("", schedule, Date.now()) !== NEVER) return null;
    return "it will never match any time";
  } catch (error) {
    return (error as Error).message;
  }
}

function demandFiveFields(cron: string): void {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5) throw new Error("it has to have five fields");
  if (/(^|[,-])7/.test(fields[4]!)) throw new Error("days of the week go from 0 (Sunday) to 6");
}

/** When a job runs for the first time: one with an interval at once. All times in milliseconds. */
export function firstRun(name: string, schedule: CronSchedule, now: number): number {
  return schedule.type === "interval" ? now : nextMatch(name, schedule, now);
}

/** The first time after `now` that a job is due which was last due at `due`; others are skipped. */
export function nextRun(name: string, schedule: CronSchedule, due: number, now: number): number {
  if (schedule.type !== "interval") return nextMatch(name, schedule, Math.max(due, now));
  const period = intervalMs(schedule);
  return due + (Math.floor(Math.max(0, now - due) / period) + 1) * period;
}

function intervalMs(schedule: CronSchedule & { type: "interval" }): number {
  const { seconds = 0, minutes = 0, hours = 0 } = schedule;
  return seconds * SECOND_MS + minutes * MINUTE_MS + hours * HOUR_MS;
}

type CalendarSchedule = Exclude<CronSchedule, { type: "interval" }>;

function nextMatch(name: string, schedule: CalendarSchedule, after: number): number {
  const pattern = cronPattern(name, schedule);
  const next = new Cron(pattern, { timezone: "Etc/UTC" }).nextRun(new Date(after));
  return next === null ? NEVER : next.getTime();
}

function cronPattern(name: string, schedule: CalendarSchedule): string {
  if (schedule.type === "cron") return schedule.cron;
  const minute = schedule.minuteUTC ?? ownMinute(name);
  switch (schedule.type) {
    case "hourly":
      return `${minute} * * * *`;
    case "daily":
      return `${minute} ${schedule.hourUTC} * * *`;
    case "weekly":
      return `${minute} ${schedule.hourUTC} * * ${schedule.dayOfWeek.slice(0, 3)}`;
    case "monthly":
      return `${minute} ${schedule.hourUTC} ${schedule.day} * *`;
  }
}

/** Jobs that leave the minute open are spread over the hour, each always at the same minute. */
function ownMinute(name: string): number {
  let sum = 0;
  for (const char of name) sum = (sum * 31 + char.codePointAt(0)!) % 60;
  return sum;
}
