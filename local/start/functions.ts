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
const COMPILER = join("node_modules", "typescript", "bin", "tsc");
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

/** Functions and variables that a deployment does not have yet. */
export interface Push {
  readonly root: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Where it is noted that they were pushed, and by what they are known. */
  readonly stamp: string;
  readonly digest: string;
}

/**
 * What is to be pushed; null when the data folder's last push had the same functions and variables.
 *
 * @param siteUrl the address of the HTTP routes: who issues tokens is read from it at the push
 */
export function neededPush(
  root: string,
  dataDir: string,
  variables: Readonly<Record<string, string>>,
  siteUrl: string,
): Push | null {
  const stamp = stampOf(dataDir);
  const functions = digestOf(
    ["convex", "convex.json", "package-lock.json"].map((name) => join(root, name)),
  );
  const digest = JSON.stringify({ functions, siteUrl, variables: digestOfText(variables) });
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return null;
  return { root, variables, stamp, digest };
}

/**
 * Checks the types of `convex/` with the compiler that the CLI would run. It needs no deployment, so
 * it goes on while one starts.
 * @throws StartError with the compiler's words.
 */
export async function checkTypes(root: string, signal: AbortSignal): Promise<void> {
  const args = [COMPILER, "--noEmit", "--pretty", "false", "-p", "convex"];
  const { code, output } = await run(args, { root, signal });
  if (code !== 0) throw new StartError(`The functions do not type-check.\n${output}`);
}

/**
 * Sets the deployment's environment variables and pushes `convex/` with the official CLI. Types were
 * checked before.
 * @throws StartError with the CLI's words when the functions do not push.
 */
export async function pushFunctions(
  { root, variables, stamp, digest }: Push,
  deployment: DeploymentAddress,
  signal?: AbortSignal,
): Promise<void> {
  await setVariables(deployment, variables);
  const args = cliArguments("deploy", "--yes", "--typecheck", "disable", "--codegen", "disable");
  const { code, output } = await run(args, { root, signal, env: cliEnvironment(deployment) });
  if (code !== 0) throw new StartError(`The functions could not be pushed.\n${output}`);
  writeFileSync(stamp, digest, { mode: 0o600 });
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
  variables: Readonly<Record<string, string>>,
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

interface RunOptions {
  readonly root: string;
  readonly env?: Record<string, string>;
  /** Ends the process. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs a program of Node's in the project's root; gives what it printed. */
function run(
  args: string[],
  { root, env, signal }: RunOptions,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      signal,
    });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => output.push(text));
    }
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output: output.join("").trim() }));
  });
}

function digestOfText(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).map(([name, value]) => `${name}:${hash(value)}`);
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
