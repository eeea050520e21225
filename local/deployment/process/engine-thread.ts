import { flushCompileCache } from "node:module";
import { inspect } from "node:util";
import { parentPort, workerData } from "node:worker_threads";
import { beat } from "../functions/beats.ts";
import { CURRENT_CALL, currentCall } from "../functions/environment/execution.ts";
import { assignStrayErrors } from "../functions/environment/stray-errors.ts";
import { startDeployment } from "../deployment.ts";
import { StartError } from "../start-error.ts";
import type { EngineData, EngineMessage } from "./engine.ts";

/** Runs the deployment in a thread of its own, for `Engine`, which sees that it does not get stuck. */
async function run({ options, overruns, hasFilledMemory, beats }: EngineData): Promise<void> {
  const port = parentPort!;
  const tell = (message: EngineMessage) => port.postMessage(message);
  try {
    assignStrayErrors((error) => tell({ type: "failed", message: inspect(error) }));
    const deployment = await startDeployment({
      ...options,
      overruns,
      hasFilledMemory,
      onPushed: () => tell({ type: "pushed" }),
    });
    void deployment.failure.then(({ message }) => tell({ type: "failed", message }));
    port.once("message", () => void deployment.close().then(() => tell({ type: "closed" })));
    Object.defineProperty(globalThis, CURRENT_CALL, { value: currentCall });
    beat(beats);
    const { url, siteUrl } = deployment;
    tell({ type: "ready", url, siteUrl, ports: deployment.ports });
    flushCompileCache();
  } catch (error) {
    // A data file that cannot be used says of what kind the problem is.
    const isExpected = error instanceof Error && (error instanceof StartError || "kind" in error);
    tell({ type: "failed", message: isExpected ? error.message : inspect(error) });
  }
}

void run(workerData as EngineData);
