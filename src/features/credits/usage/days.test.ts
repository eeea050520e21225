import { afterEach, expect, test } from "vitest";
import { dayBoundaries } from "./days";

const HOUR_MS = 3_600_000;
const zone = process.env["TZ"];

afterEach(() => {
  process.env["TZ"] = zone;
});

test.each([
  ["UTC", []],
  // Clocks go back on 25 October and forward on 29 March.
  ["Europe/Berlin", [[1, 25]]],
  ["Asia/Kathmandu", []],
])("in %s days follow each other, each as long as it is", (timeZone, exceptions) => {
  process.env["TZ"] = timeZone;
  const now = new Date(2026, 9, 26, 15, 30);
  const boundaries = dayBoundaries(now, 3);
  const hours = boundaries.slice(1).map((end, i) => (end - (boundaries[i] ?? 0)) / HOUR_MS);
  const expected = [24, 24, 24];
  for (const [day, length] of exceptions) expected[day ?? 0] = length ?? 0;
  expect(hours).toEqual(expected);
  expect(boundaries.at(-2)).toBeLessThanOrEqual(now.getTime());
  expect(boundaries.at(-1)).toBeGreaterThan(now.getTime());
  expect(new Date(boundaries[0] ?? 0).getHours()).toBe(0);
});
