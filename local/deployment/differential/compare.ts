import { DIFFERENCES, type Difference } from "./differences.ts";

/** Where two worlds differ, in words; empty where they agree. */
export function disagreements(
  expected: readonly string[],
  actual: readonly string[],
  used: Set<Difference>,
): string[] {
  const found: string[] = [];
  for (let at = 0; at < Math.max(expected.length, actual.length); at++) {
    const [reference = "nothing", ours = "nothing"] = [expected[at], actual[at]];
    if (reference === ours) continue;
    const known = DIFFERENCES.find(
      (one) => one.reference.test(reference) && one.deployment.test(ours),
    );
    if (known === undefined) found.push(`${at}: convex-test ${reference}\n   deployment ${ours}`);
    else used.add(known);
  }
  return found;
}
