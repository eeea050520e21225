import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pushFixture } from "../../local/deployment/fixture/push.ts";
import { DeploymentProcess } from "./deployment-process.ts";
import { attack } from "./hostile-clients.ts";

let folder: string;
let deployment: DeploymentProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "parley-hostile-"));
  deployment = await DeploymentProcess.start(folder);
  await pushFixture(deployment);
});

afterAll(async () => {
  await deployment.stop();
  rmSync(folder, { recursive: true });
});

test("whatever is sent, the server answers or hangs up, and others notice nothing", async () => {
  const before = deployment.pid;
  const outcome = await attack(deployment, { inputs: 1_500, seed: "hostile" });
  expect(outcome.serverErrors).toEqual([]);
  expect(outcome.stackTraces).toEqual([]);
  expect(outcome.witnessFailure).toBeNull();
  expect(outcome.witnessed).toBeGreaterThan(0);
  expect(deployment.pid).toBe(before);
}, 120_000);
