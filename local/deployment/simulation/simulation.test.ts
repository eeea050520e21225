import { expect, test } from "vitest";
import { simulate } from "./simulation.ts";

const SEEDS = Array.from({ length: 20 }, (_, at) => `seed ${at + 1}`);

test.each(SEEDS)("clients see one history, and each write once: %s", async (seed) => {
  const report = await simulate(seed);
  expect(report.viewsChecked).toBeGreaterThan(0);
});
