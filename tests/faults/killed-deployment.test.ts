import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pushFixture } from "../../local/deployment/fixture/push.ts";
import { DeploymentProcess } from "./deployment-process.ts";
import { killedUnderLoad } from "./killed-under-load.ts";

let folder: string;
let deployment: DeploymentProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "parley-killed-"));
  deployment = await DeploymentProcess.start(folder);
  await pushFixture(deployment);
});

afterAll(async () => {
  await deployment.stop();
  rmSync(folder, { recursive: true });
});

test.each([1, 2, 3])(
  "killed at a random moment under load it loses no acknowledged mutation and runs none twice (round %i)",
  async (round) => {
    const killAfterMs = 150 + Math.random() * 400;
    const outcome = await killedUnderLoad(deployment, {
      clients: 4,
      killAfterMs,
      name: `round-${round}`,
    });
    expect(outcome).toMatchObject({ lost: 0, repeated: 0 });
    expect(outcome.acknowledged).toBeGreaterThan(0);
  },
);
