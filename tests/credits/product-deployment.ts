import { cpSync } from "node:fs";
import { basename, join } from "node:path";
import { pushCopy, setVariables } from "../../local/deployment/fixture/push.ts";
import { signingKeys } from "../../local/start/keys.ts";
import { DeploymentProcess } from "../faults/deployment-process.ts";

const ROOT = join(import.meta.dirname, "..", "..");

export interface ProductDeploymentOptions {
  /** Where the model answers. */
  readonly modelUrl: string;
  /** Modules that are added to `convex/` or stand in for its own, by their path in it. */
  readonly modules?: Readonly<Record<string, string>>;
}

/** The embedded deployment with the product's functions, without the page: it can be killed. */
export async function startProductDeployment(
  dataDir: string,
  { modelUrl, modules = {} }: ProductDeploymentOptions,
): Promise<DeploymentProcess> {
  const deployment = await DeploymentProcess.start(dataDir);
  await setVariables(deployment, {
    ...(await signingKeys(dataDir)),
    SITE_URL: "http://127.0.0.1",
    AZURE_OPENAI_ENDPOINT: modelUrl,
    AZURE_OPENAI_KEY: "none",
    AZURE_OPENAI_DEPLOYMENT: "o4-mini",
  });
  await push(deployment, modules);
  return deployment;
}

/** With the official CLI, from a copy in a temporary folder. */
async function push(
  deployment: DeploymentProcess,
  modules: Readonly<Record<string, string>>,
): Promise<void> {
  const isPushed = (path: string) => !/\.(test|setup)\.ts$/.test(basename(path));
  await pushCopy(deployment, (project) => {
    const functions = join(project.folder, "convex");
    cpSync(join(ROOT, "convex"), functions, { recursive: true, filter: isPushed });
    for (const [path, source] of Object.entries(modules))
      project.write(join("convex", path), source);
    cpSync(join(ROOT, "package.json"), join(project.folder, "package.json"));
  });
}
