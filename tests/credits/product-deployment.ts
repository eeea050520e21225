import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { signingKeys } from "../../local/start/keys.ts";
import { DeploymentProcess } from "../faults/deployment-process.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const PUSH_TIMEOUT_MS = 90_000;

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
  { url, adminKey }: DeploymentProcess,
  modules: Readonly<Record<string, string>>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "parley-functions-"));
  try {
    const isPushed = (path: string) => !/\.(test|setup)\.ts$/.test(basename(path));
    cpSync(join(ROOT, "convex"), join(folder, "convex"), { recursive: true, filter: isPushed });
    for (const [path, source] of Object.entries(modules)) {
      writeFileSync(join(folder, "convex", path), source);
    }
    cpSync(join(ROOT, "package.json"), join(folder, "package.json"));
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
    const cli = join(ROOT, "node_modules", "convex", "bin", "main.js");
    const args = [cli, "deploy", "--yes", "--typecheck", "disable", "--codegen", "disable"];
    await promisify(execFile)(process.execPath, args, {
      cwd: folder,
      timeout: PUSH_TIMEOUT_MS,
      env: {
        PATH: process.env["PATH"],
        HOME: folder,
        CONVEX_SELF_HOSTED_URL: url,
        CONVEX_SELF_HOSTED_ADMIN_KEY: adminKey,
      },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As `convex env set` does it. */
async function setVariables(
  { url, adminKey }: DeploymentProcess,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const changes = Object.entries(variables).map(([name, value]) => ({ name, value }));
  const response = await fetch(`${url}/api/update_environment_variables`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Convex ${adminKey}` },
    body: JSON.stringify({ changes }),
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
}
