import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pushFixture } from "../../../local/deployment/fixture/push.ts";
import { DeploymentProcess } from "../../faults/deployment-process.ts";
import { middle, type Figure } from "../report.ts";
import { largeTable } from "./large-table.ts";
import {
  idleSockets,
  oneRange,
  streaming,
  throughput,
  writesBesideSubscriptions,
} from "./measures.ts";

type Measure = (deployment: DeploymentProcess, folder: string) => Promise<Figure[]>;

/**
 * What a compiler makes of the code in one process, and when that process clears up, are its own
 * affairs, and move these measures more than a change of the code does.
 */
const PROCESSES = 3;

/** The embedded deployment alone, with the fixture's functions; a fresh process for each measure. */
export async function deployment(): Promise<Figure[]> {
  return [
    ...(await onSeveral(throughput)),
    ...(await onFresh(writesBesideSubscriptions)),
    ...(await onFresh(oneRange)),
    ...(await onFresh(streaming)),
    ...(await onSeveral(idleSockets)),
    ...(await largeTable()),
  ];
}

/** Each figure as the process has it that is the median, by what it is to its baseline. */
async function onSeveral(measure: Measure): Promise<Figure[]> {
  const rounds: Figure[][] = [];
  while (rounds.length < PROCESSES) rounds.push(await onFresh(measure));
  return rounds[0]!.map((_, at) =>
    middle(
      rounds.map((figures) => figures[at]!),
      ({ value, baseline }) => value / (baseline ?? 1),
    ),
  );
}

async function onFresh(measure: Measure): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "parley-bench-"));
  const fresh = await DeploymentProcess.start(folder);
  try {
    await pushFixture(fresh);
    return await measure(fresh, folder);
  } finally {
    await fresh.stop();
    rmSync(folder, { recursive: true });
  }
}
