import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { nextReset } from "../../../convex/credits/rules";
import { renewalDay, renewalTime } from "./renewal";

const DECEMBER = Date.parse("2026-12-01T00:00:00Z");

afterEach(() => vi.unstubAllEnvs());

test.each([
  ["UTC", "1 December at 00:00"],
  ["Europe/Berlin", "1 December at 01:00"],
  ["America/New_York", "30 November at 19:00"],
  ["Asia/Kathmandu", "1 December at 05:45"],
  ["Pacific/Kiritimati", "1 December at 14:00"],
])("in %s the month renews on %s", (zone, expected) => {
  vi.stubEnv("TZ", zone);
  expect(renewalTime(DECEMBER)).toBe(expected);
});

test("in every zone and month it is the same instant", () => {
  const zones = fc.constantFrom(...Intl.supportedValuesOf("timeZone"));
  const instant = fc
    .date({ min: new Date("2020-01-01"), max: new Date("2040-01-01"), noInvalidDate: true })
    .map((date) => date.getTime());
  fc.assert(
    fc.property(zones, instant, (timeZone, now) => {
      const reset = nextReset(now);
      vi.stubEnv("TZ", timeZone);
      const [day, time] = renewalTime(reset).split(" at ");
      expect(day).toBe(renewalDay(reset));
      // What the clock on the wall says, less what it is ahead of UTC, is midnight in UTC.
      const wall = Date.parse(`${day} ${yearIn(reset, timeZone)} ${time} UTC`);
      expect(wall - reset).toBe(offsetOf(reset, timeZone));
    }),
    { numRuns: 300 },
  );
});

function yearIn(time: number, timeZone: string): string {
  return new Date(time).toLocaleDateString("en-GB", { year: "numeric", timeZone });
}

function offsetOf(time: number, timeZone: string): number {
  const name = new Intl.DateTimeFormat("en-GB", { timeZone, timeZoneName: "longOffset" })
    .formatToParts(time)
    .find(({ type }) => type === "timeZoneName")?.value;
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name ?? "") ?? [];
  if (sign === undefined) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
