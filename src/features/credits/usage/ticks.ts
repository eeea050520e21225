const MOST_STEPS = 4;

/**
 * The numbers beside a chart, from 0 to the first that is not below `most`: at most 4 steps of 1, 2
 * or 5, or of one of these with zeros.
 */
export function ticksUpTo(most: number): number[] {
  let step = 1;
  for (let factor = 0; most / step > MOST_STEPS; factor += 1) {
    step *= factor % 3 === 1 ? 2.5 : 2;
  }
  const steps = Math.max(1, Math.ceil(most / step));
  return Array.from({ length: steps + 1 }, (_, place) => place * step);
}
