import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pushFixture } from "../../local/deployment/fixture/push.ts";
import { DeploymentProcess } from "../faults/deployment-process.ts";
import { attack } from "../faults/hostile-clients.ts";
import { countsOf, type Figure } from "./report.ts";

const INPUTS = 100_000;
/** Memory after all inputs against that halfway: it breathes, and must not grow. */
const GROWTH_WITHIN = 1.15;

/** Generated inputs against the deployment, while a client that does nothing wrong watches. */
export async function hostileInput(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "parley-hostile-"));
  const deployment = await DeploymentProcess.start(folder);
  try {
    await pushFixture(deployment);
    const pid = deployment.pid;
    const outcome = await attack(deployment, { inputs: INPUTS, seed: `bench ${INPUTS}` });
    for (const answer of [...outcome.serverErrors, ...outcome.stackTraces]) console.error(answer);
    if (outcome.witnessFailure !== null) console.error(outcome.witnessFailure);
    const figure = countsOf(`${INPUTS.toLocaleString("en")} hostile inputs`);
    return [
      figure("crashes", deployment.pid === pid ? 0 : 1, 0),
      figure("answers that the server failed", outcome.serverErrors.length, 0),
      figure("answers with a stack trace", outcome.stackTraces.length, 0),
      figure("writes of a witness, each seen", outcome.witnessed, null),
      figure("failures of the witness", outcome.witnessFailure === null ? 0 : 1, 0),
      {
        ...figure("memory, at the end against halfway", 0, GROWTH_WITHIN),
        unit: "ratio",
        value: outcome.memoryAtEnd / outcome.memoryHalfway,
      },
    ];
  } finally {
    await deployment.stop();
    rmSync(folder, { recursive: true });
  }
}
