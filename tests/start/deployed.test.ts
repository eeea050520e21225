import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DeploymentProcess } from "../faults/deployment-process.ts";

// The README's way to a deployment that somebody else runs, by the official CLI.

const root = join(import.meta.dirname, "..", "..");
const CLI = join("node_modules", "convex", "bin", "main.js");
const signIn = makeFunctionReference<"action">("auth:signIn");
const viewer = makeFunctionReference<"query">("account/viewer:current");
/** Each command of the CLI takes seconds. */
const COMMANDS_MS = 120_000;
let folder: string;
let deployment: DeploymentProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "parley-deployed-"));
  deployment = await DeploymentProcess.start(folder);
});

afterAll(async () => {
  await deployment.stop();
  rmSync(folder, { recursive: true, force: true });
});

test(
  "with functions, keys and the page's address, people sign up and are known",
  { timeout: COMMANDS_MS },
  async () => {
    await run([CLI, "deploy", "--yes", "--typecheck", "disable", "--codegen", "disable"]);
    const keys = await run([join("local", "start", "bootstrap.mjs"), "keys"]);
    await run([CLI, "env", "set"], keys);
    await run([CLI, "env", "set", "SITE_URL", "https://parley.example"]);

    const client = new ConvexHttpClient(deployment.url, { logger: false });
    const params = { flow: "signUp", email: "somebody@example.com", password: "correct horse 7" };
    const { tokens } = (await client.action(signIn, { provider: "password", params })) as {
      tokens: { token: string };
    };
    client.setAuth(tokens.token);
    expect(await client.query(viewer, {})).toMatchObject({ email: params.email });

    // A second pair would sign everybody out.
    await expect(run([CLI, "env", "set"], keys.replace("MII", "MIJ"))).rejects.toThrow(
      /already exist/,
    );
  },
);

/** What a program of Node's prints. @throws Error with what it said, when it fails. */
async function run(args: string[], input = ""): Promise<string> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: {
      ...process.env,
      CONVEX_SELF_HOSTED_URL: deployment.url,
      CONVEX_SELF_HOSTED_ADMIN_KEY: deployment.adminKey,
      CI: "1",
    },
  });
  child.stdin.end(input);
  const [output, problem, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  if (code !== 0) throw new Error(`${args.join(" ")}: ${problem}`);
  return output;
}
