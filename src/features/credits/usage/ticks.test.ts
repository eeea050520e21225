import { expect, test } from "vitest";
import { ticksUpTo } from "./ticks";

test.each([
  [0, [0, 1]],
  [3, [0, 1, 2, 3]],
  [5, [0, 2, 4, 6]],
  [33, [0, 10, 20, 30, 40]],
  [99, [0, 50, 100]],
  [1650, [0, 500, 1000, 1500, 2000]],
])("up to %i they are round numbers", (most, ticks) => {
  expect(ticksUpTo(most)).toEqual(ticks);
});
