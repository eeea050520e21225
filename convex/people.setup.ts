import { afterEach, beforeEach, vi } from "vitest";
import { stubModel } from "./model.setup";
import { type Deployment, type Person, freshDeployment, signUp } from "./test.setup";

/** What each test of a file that calls `meetTwoPeople` finds anew. */
export let deployment: Deployment;
export let ada: Person;
export let bob: Person;

/**
 * Before each test of the file: a fresh deployment with two people, whose model cannot be reached,
 * on a clock that only the test moves.
 */
export function meetTwoPeople(): void {
  beforeEach(async () => {
    vi.useFakeTimers();
    // A model that cannot be reached is told in the log.
    vi.spyOn(console, "warn").mockReturnValue();
    stubModel();
    deployment = freshDeployment();
    ada = await signUp(deployment, "ada@example.com");
    bob = await signUp(deployment, "bob@example.com");
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
    vi.unstubAllEnvs();
  });
}
