import { expect, test } from "vitest";
import { neighbour, sessionRows } from "./session-rows";

const NOW = new Date(2026, 10, 20, 9, 30);

function session(id: string, daysAgo: number, isPinned = false) {
  return { _id: id, displayId: id, updatedAt: NOW.getTime() - daysAgo * 86_400_000, isPinned };
}

test("pinned chats stand above all days, and nowhere else", () => {
  const old = session("old", 40, true);
  const rows = sessionRows([old], [session("a", 0), session("b", 1), old], NOW);
  expect(rows.map((row) => (row.kind === "heading" ? row.label : row.session._id))).toEqual([
    "Pinned",
    "old",
    "Today",
    "a",
    "Yesterday",
    "b",
  ]);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
});

test("the next and the previous chat are those beside the open one, and the ends are ends", () => {
  const list = [session("a", 0), session("b", 1), session("c", 2)];
  expect(neighbour(list, "b", 1)?._id).toBe("c");
  expect(neighbour(list, "b", -1)?._id).toBe("a");
  expect(neighbour(list, "c", 1)).toBeNull();
  expect(neighbour(list, "a", -1)).toBeNull();
  expect(neighbour(list, null, 1)?._id).toBe("a");
  expect(neighbour([], null, 1)).toBeNull();
});
