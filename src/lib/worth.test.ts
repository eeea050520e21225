import { expect, test } from "vitest";
import { worth } from "./worth";

test.each([
  [2, "too few for a message"],
  [3, "about 1 message"],
  [100, "about 33 messages"],
  [5000, "about 1,666 messages"],
])("%i credits are worth: %s", (credits, words) => {
  expect(worth(credits)).toBe(words);
});
