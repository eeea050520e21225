import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "./digest.ts";
import { StartError } from "./start-error.ts";

/** A self-hosted Convex deployment, as the official CLI addresses one. */
export interface DeploymentAddress {
  readonly url: string;
  readonly adminKey: string;
}

const CLI = join("node_modules", "convex", "bin", "main.js");
const UPDATE_TIMEOUT_MS = 10_000;

/** The variables by which the official CLI finds the deployment. */
export function cliEnvironment({ url, adminKey }: DeploymentAddress): Record<string, string> {
  return {
    CONVEX_SELF_HOSTED_URL: url,
    CONVEX_SELF_HOSTED_ADMIN_KEY: adminKey,
    // Set for another deployment in the person's shell, they would win over the two above.
    CONVEX_DEPLOYMENT: "",
    CONVEX_DEPLOY_KEY: "",
    // Keeps the CLI from reporting its errors to its makers: nothing here leaves the machine.
    CI: "1",
  };
}

/** The arguments of Node that run the official CLI. */
export function cliArguments(...args: string[]): string[] {
  return [CLI, ...args];
}

/**
 * Sets the deployment's environment variables and pushes `convex/` with the official CLI, type-checked.
 * Both are left out when the data folder's last push had the same functions and variables.
 * @throws StartError with the CLI's words when the functions do not type-check or push.
 */
export async function pushFunctions(
  root: string,
  dataDir: string,
  deployment: DeploymentAddress,
  variables: Record<string, string>,
): Promise<"pushed" | "unchanged"> {
  const stamp = stampOf(dataDir);
  const digest = digestOf(
    ["convex", "convex.json", "package-lock.json"].map((name) => join(root, name)),
  );
  const wanted = JSON.stringify({ digest, variables: digestOfText(variables) });
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return "unchanged";
  await setVariables(deployment, variables);
  await deploy(root, deployment);
  writeFileSync(stamp, wanted, { mode: 0o600 });
  return "pushed";
}

/** Forgets the last push: something else is about to push to this deployment. */
export function forgetPush(dataDir: string): void {
  rmSync(stampOf(dataDir), { force: true });
}

/** Beside the deployment's own files, so that whoever deletes those deletes it too. */
function stampOf(dataDir: string): string {
  return join(dataDir, "deployment", "pushed.json");
}

/** Sets environment variables, and removes the empty ones, over the route of `npx convex env set`. */
async function setVariables(
  { url, adminKey }: DeploymentAddress,
  variables: Record<string, string>,
): Promise<void> {
  const response = await fetch(new URL("/api/update_environment_variables", url), {
    method: "POST",
    headers: { authorization: `Convex ${adminKey}`, "content-type": "application/json" },
    body: JSON.stringify({
      changes: Object.entries(variables).map(([name, value]) => ({ name, value: value || null })),
    }),
    signal: AbortSignal.timeout(UPDATE_TIMEOUT_MS),
  });
  if (response.ok) return;
  throw new StartError(
    `The deployment refused its environment variables: ${response.status} ${await response.text()}`,
  );
}

function deploy(root: string, deployment: DeploymentAddress): Promise<void> {
  const args = cliArguments("deploy", "--yes", "--typecheck", "enable", "--codegen", "disable");
  return new Promise((resolve, reject) => {
    const cli = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...cliEnvironment(deployment) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output: string[] = [];
    for (const stream of [cli.stdout, cli.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => output.push(text));
    }
    cli.once("error", reject);
    cli.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new StartError(`The functions could not be pushed.\n${output.join("").trim()}`));
    });
  });
}

function digestOfText(variables: Record<string, string>): string[] {
  return Object.entries(variables).map(([name, value]) => `${name}:${hash(value)}`);
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
