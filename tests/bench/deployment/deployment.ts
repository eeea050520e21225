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

/** When a process clears up is its own affair, and moves what it holds by half. */
const MEMORY_ROUNDS = 3;

/** The embedded deployment alone, with the fixture's functions; a fresh process for each measure. */
export async function deployment(): Promise<Figure[]> {
  return [
    ...(await onFresh(throughput)),
    ...(await onFresh(writesBesideSubscriptions)),
    ...(await onFresh(oneRange)),
    ...(await onFresh(streaming)),
    await memoryOfSockets(),
    ...(await largeTable()),
  ];
}

async function memoryOfSockets(): Promise<Figure> {
  const rounds: Figure[] = [];
  while (rounds.length < MEMORY_ROUNDS) rounds.push(...(await onFresh(idleSockets)));
  return middle(rounds, ({ value, baseline }) => value - (baseline ?? 0));
}

async function onFresh(
  measure: (deployment: DeploymentProcess, folder: string) => Promise<Figure[]>,
): Promise<Figure[]> {
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
