import fc from "fast-check";
import { expect, test } from "vitest";
import { IntervalIndex, type Interval } from "./interval-index.ts";

const key = fc.string({ unit: fc.constantFrom("\0", "\x01", "\x02"), maxLength: 4 });
const interval: fc.Arbitrary<Interval> = fc.oneof(
  key.map((lower) => ({ lower, upper: `${lower}\0` })),
  fc.tuple(key, fc.oneof(key, fc.constant("\xff"))).map(([lower, upper]) => ({ lower, upper })),
);

function holds({ lower, upper }: Interval, wanted: string): boolean {
  return lower <= wanted && wanted < upper;
}

function stabbed(index: IntervalIndex<number>, key: string): number[] {
  const found: number[] = [];
  index.stab(key, (owner) => found.push(owner));
  return found.sort((a, b) => a - b);
}

test("a stab finds exactly the owners whose interval holds the key, through additions and removals", () => {
  const program = fc.array(fc.tuple(interval, fc.boolean()), { maxLength: 60 });
  fc.assert(
    fc.property(program, fc.array(key, { minLength: 1, maxLength: 20 }), (steps, keys) => {
      const index = new IntervalIndex<number>();
      const held = new Map<number, Interval>();
      steps.forEach(([added, remove], owner) => {
        index.add(added, owner);
        held.set(owner, added);
        const oldest = held.entries().next().value;
        if (!remove || oldest === undefined) return;
        index.remove(oldest[1], oldest[0]);
        held.delete(oldest[0]);
      });
      expect(index.size).toBe(held.size);
      for (const each of keys) {
        const expected = [...held].filter(([, its]) => holds(its, each)).map(([owner]) => owner);
        expect(stabbed(index, each)).toEqual(expected.sort((a, b) => a - b));
      }
    }),
  );
});
