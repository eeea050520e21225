import { expect, test } from "vitest";
import { keeper } from "./use-kept";

const tides = { key: "tides", session: { title: "Tides", mark: "none" } };
const moons = { key: "moons", session: { title: "Moons", mark: "none" } };

test("rows that say the same stay the same objects, wherever they stand now", () => {
  const keep = keeper<typeof tides>();
  const [before] = keep([tides]);
  const after = keep([moons, structuredClone(tides)]);
  expect(after).toEqual([moons, tides]);
  expect(after[1]).toBe(before);
});

test("a row that changed is the new one", () => {
  const keep = keeper<typeof tides>();
  const [before] = keep([tides]);
  const [after] = keep([{ ...tides, session: { title: "Tides", mark: "running" } }]);
  expect(after).not.toBe(before);
  expect(after?.session.mark).toBe("running");
});
