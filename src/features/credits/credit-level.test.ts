import { expect, test } from "vitest";
import { creditLevel } from "./credit-level";

test.each([
  [100, "good"],
  [51, "good"],
  [50, "warn"],
  [20, "warn"],
  [19, "bad"],
  [0, "bad"],
] as const)("%i credits are %s", (credits, level) => {
  expect(creditLevel(credits)).toBe(level);
});
