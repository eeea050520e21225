import type { Execution } from "./execution.ts";
import { Log } from "../log/log.ts";
import { seededRandom } from "./random.ts";

const IMPORT_SEED = "import";

/** The process's own, also where functions have another. */
const { error: complain } = console;

/** In which a module loads: without services, at one instant, with the same random numbers always. */
export function importExecution(environment: Readonly<Record<string, string>>): Execution {
  const loadedAt = Date.now();
  return {
    kind: "import",
    log: new Log(),
    now: () => loadedAt,
    seed: () => IMPORT_SEED,
    random: seededRandom(IMPORT_SEED),
    environment,
    syscalls: null,
    origin: null,
    platform: { waiting: 0 },
    end: new AbortController(),
    fail: (thrown) => complain("A module left an error behind while it loaded:", thrown),
  };
}
