import fc from "fast-check";
import { expect, test } from "vitest";
import { groupSessions } from "./session-groups";

const NOW = new Date(2026, 10, 20, 9, 30);

/** @param when without a zone, and so in the zone of whoever runs this. */
function labelOf(when: string) {
  return groupSessions([{ updatedAt: new Date(when).getTime() }], NOW)[0]?.label;
}

test("the calendar day decides, not the hours that went by", () => {
  expect(labelOf("2026-11-20T00:00:01")).toBe("Today");
  expect(labelOf("2026-11-19T23:59:59")).toBe("Yesterday");
  expect(labelOf("2026-11-19T00:00:00")).toBe("Yesterday");
  expect(labelOf("2026-11-18T23:59:00")).toBe("Last 7 days");
});

test("weeks, months and years end where people expect", () => {
  expect(labelOf("2026-11-14T12:00:00")).toBe("Last 7 days");
  expect(labelOf("2026-11-13T12:00:00")).toBe("Last 30 days");
  expect(labelOf("2026-10-22T12:00:00")).toBe("Last 30 days");
  expect(labelOf("2026-10-21T12:00:00")).toBe("October");
  expect(labelOf("2025-10-21T12:00:00")).toBe("October 2025");
});

test("a chat from a clock that runs ahead is still of today", () => {
  expect(labelOf("2026-11-20T09:45:00")).toBe("Today");
  expect(labelOf("2026-11-22T01:00:00")).toBe("Today");
});

test("grouping keeps every session and its order", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 900 * 86_400_000 })), (ages) => {
      const sessions = ages
        .sort((a, b) => a - b)
        .map((age) => ({ updatedAt: NOW.getTime() - age }));
      const groups = groupSessions(sessions, NOW);
      expect(groups.flatMap((group) => group.sessions)).toEqual(sessions);
      expect(new Set(groups.map((group) => group.label)).size).toBe(groups.length);
    }),
  );
});
