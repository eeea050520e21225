import { expect, test } from "vitest";
import { progressShare, progressWords } from "./project-progress";

test("a project says how far it is, with one task too", () => {
  const words = [
    { todo: 0, doing: 0, done: 0 },
    { todo: 1, doing: 0, done: 0 },
    { todo: 1, doing: 1, done: 2 },
  ];
  expect(words.map(progressWords)).toEqual([
    "No tasks yet",
    "0 of 1 task done",
    "2 of 4 tasks done",
  ]);
  expect(words.map(progressShare)).toEqual([0, 0, 0.5]);
});
