import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { monthKey, monthStart, nextReset, refundOf, resetIsDue, splitCharge, total } from "./rules";

const credits = fc.nat(10_000);
const balance = fc.record({ monthly: credits, purchased: credits });
const instant = fc
  .date({ min: new Date("1990-01-01"), max: new Date("2200-01-01"), noInvalidDate: true })
  .map((date) => date.getTime());

describe("a charge", () => {
  test("takes exactly its cost, never more than there is, and the monthly part first", () => {
    fc.assert(
      fc.property(balance, credits, (held, cost) => {
        const taken = splitCharge(held, cost);
        if (taken === null) return total(held) < cost;
        expect(total(taken)).toBe(cost);
        expect(taken.monthly).toBe(Math.min(held.monthly, cost));
        return taken.purchased >= 0 && taken.purchased <= held.purchased;
      }),
    );
  });

  test("is refused when the whole balance does not suffice", () => {
    expect(splitCharge({ monthly: 1, purchased: 1 }, 3)).toBeNull();
    expect(splitCharge({ monthly: 1, purchased: 2 }, 3)).toEqual({ monthly: 1, purchased: 2 });
  });
});

describe("a refund", () => {
  const charged = { monthly: 2, purchased: 1 };
  const lastOfMay = Date.parse("2026-05-31T23:59:59.999Z");

  test("in the same month gives back each part what it paid", () => {
    expect(refundOf(charged, lastOfMay, lastOfMay)).toEqual(charged);
  });

  test("of an earlier month gives back what was bought; the new month renewed the rest", () => {
    expect(refundOf(charged, lastOfMay, lastOfMay + 1)).toEqual({ monthly: 0, purchased: 1 });
  });
});

describe("the month", () => {
  test("is UTC's, to the millisecond", () => {
    const last = Date.parse("2026-05-31T23:59:59.999Z");
    expect(nextReset(last)).toBe(last + 1);
    expect(monthKey(last)).toBe("2026-05");
    expect(monthKey(last + 1)).toBe("2026-06");
    expect(resetIsDue(last, last + 1)).toBe(true);
    expect(resetIsDue(last + 1, last)).toBe(false);
  });

  test("ends after as many days as it has, in leap years too", () => {
    expect(nextReset(Date.parse("2028-02-29T12:00:00Z"))).toBe(Date.parse("2028-03-01T00:00:00Z"));
    expect(nextReset(Date.parse("2026-12-31T12:00:00Z"))).toBe(Date.parse("2027-01-01T00:00:00Z"));
  });

  test("holds every instant from its start to the next reset, and no other", () => {
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        expect(monthStart(a)).toBeLessThanOrEqual(a);
        expect(nextReset(a)).toBeGreaterThan(a);
        const inMonthOfA = b >= monthStart(a) && b < nextReset(a);
        expect(monthKey(a) === monthKey(b)).toBe(inMonthOfA);
        expect(resetIsDue(a, b)).toBe(b >= nextReset(a));
      }),
    );
  });
});
