import { expect, test } from "vitest";
import { formatMoment, formatTime } from "./message-moment";

const at = new Date(2026, 10, 29, 23, 5).getTime();

test("a message's time is told by the clock that the rest of the product uses", () => {
  expect(formatTime(at, at + 60_000)).toBe("23:05");
  expect(formatTime(at, at + 48 * 60 * 60_000)).toBe("29 Nov, 23:05");
  expect(formatMoment(at)).toMatch(/^Sunday,? 29 November 2026.* 23:05:00$/);
});
