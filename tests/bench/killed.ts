import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pushFixture } from "../../local/deployment/fixture/push.ts";
import { DeploymentProcess } from "../faults/deployment-process.ts";
import { killedUnderLoad } from "../faults/killed-under-load.ts";
import { countsOf, type Figure } from "./report.ts";

const ROUNDS = 50;

/** Kills the deployment at random moments under load; what it acknowledged must be there, once. */
export async function killed(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "parley-killed-"));
  const deployment = await DeploymentProcess.start(folder);
  const sum = { acknowledged: 0, lost: 0, repeated: 0 };
  try {
    await pushFixture(deployment);
    for (let round = 1; round <= ROUNDS; round++) {
      const killAfterMs = 150 + Math.random() * 400;
      const name = `round-${round}`;
      const outcome = await killedUnderLoad(deployment, { clients: 4, killAfterMs, name });
      sum.acknowledged += outcome.acknowledged;
      sum.lost += outcome.lost;
      sum.repeated += outcome.repeated;
    }
  } finally {
    await deployment.stop();
    rmSync(folder, { recursive: true });
  }
  const figure = countsOf(`killed ${ROUNDS} times under load`);
  return [
    figure("mutations acknowledged", sum.acknowledged, null),
    figure("of these lost", sum.lost, 0),
    figure("done twice", sum.repeated, 0),
  ];
}
