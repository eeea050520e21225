import { expect, test } from "vitest";
import { creditsOf, isPack, isPlan, PACK_IDS, planName, savingPercent } from "./plans";

test("a plan grants the credits of the table, and Pro none", () => {
  expect(PACK_IDS.map(creditsOf)).toEqual([500, 1000, 5000]);
  expect(creditsOf("pro")).toBe(0);
});

test("larger packs save what the table says", () => {
  expect(PACK_IDS.map(savingPercent)).toEqual([0, 10, 20]);
});

test.each(["toString", "__proto__", "constructor", "", "topup_9"])("%j is no plan", (name) => {
  expect(isPlan(name)).toBe(false);
  expect(isPack(name)).toBe(false);
});

test("plans are named as they are sold", () => {
  expect([planName("topup_5000"), planName("pro")]).toEqual(["5,000 credits", "Pro"]);
});
