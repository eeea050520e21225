import { expect, test } from "vitest";
import { unitVector } from "./search-entry.ts";

test.each([
  [
    [3, 4],
    [0.6, 0.8],
  ],
  [
    [0, 0],
    [0, 0],
  ],
  [
    [3e200, 4e200],
    [0.6, 0.8],
  ],
])("%j has the direction %j, however long it is", (vector, direction) => {
  const unit = unitVector(vector);
  for (const [at, element] of direction.entries()) expect(unit[at]).toBeCloseTo(element, 6);
});
