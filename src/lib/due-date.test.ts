import { expect, test } from "vitest";
import { calendarDayOf, dueWords } from "./due-date";

const noon = new Date(2026, 10, 21, 12);

test.each([
  ["2026-11-20", "Overdue"],
  ["2026-11-21", "Today"],
  ["2026-11-22", "Tomorrow"],
  ["2026-11-27", "Fri 27 Nov"],
  ["2027-01-01", "Fri 1 Jan 2027"],
])("%s is %s", (day, words) => {
  expect(dueWords(day, noon).text).toBe(words);
});

test("the day changes at midnight of the person's own zone", () => {
  expect(calendarDayOf(new Date(2026, 10, 21, 0, 0))).toBe("2026-11-21");
  expect(calendarDayOf(new Date(2026, 10, 21, 23, 59))).toBe("2026-11-21");
  expect(dueWords("2026-11-22", new Date(2026, 10, 22, 0, 0)).text).toBe("Today");
});
