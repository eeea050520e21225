import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePorts } from "../product/ports.ts";
import { SandboxProcess } from "./sandbox-process.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const KEY = "am_sk_test_check";

let folder: string;
let sandbox: SandboxProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "parley-check-"));
  const [port = 0] = await freePorts(1);
  sandbox = await SandboxProcess.start({
    port,
    file: ":memory:",
    webhookUrl: "http://127.0.0.1:9/",
    secretKey: KEY,
    webhookSecret: "whsec_AAAA",
  });
});
afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function check(env: Record<string, string>, ...args: string[]) {
  const child: ChildProcess = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", join(ROOT, "local/start/billing-check.ts"), ...args],
    { env: { ...process.env, AUTUMN_SECRET_KEY: "", AUTUMN_API_URL: "", ...env } },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const [code] = (await once(child, "close")) as [number];
  return { code, output };
}

/** A plan table in which the code would sell something else. */
function otherTable(): string {
  const original = join(ROOT, "convex", "billing", "plans.ts");
  const path = join(folder, "plans.ts");
  copyFileSync(original, path);
  const text = readFileSync(path, "utf8");
  writeFileSync(
    path,
    text.replace("priceUsd: 9", "priceUsd: 8").replace("topup_500:", "topup_400:"),
  );
  return path;
}

test("the plan table and autumn.config.ts agree, and so does an account made from it", async () => {
  const alone = await check({});
  expect(alone).toMatchObject({ code: 0 });
  expect(alone.output).toContain("agree on 4 plans");
  const both = await check({ AUTUMN_SECRET_KEY: KEY, AUTUMN_API_URL: sandbox.url });
  expect(both.output).toContain("and the account agree on 4 plans");
});

test("what differs is named, and fails", async () => {
  const { code, output } = await check(
    { AUTUMN_SECRET_KEY: KEY, AUTUMN_API_URL: sandbox.url },
    "--table",
    otherTable(),
  );
  expect(code).toBe(1);
  expect(output).toContain("topup_1000: price is 8 in the code and 9 in autumn.config.ts.");
  expect(output).toContain("topup_1000: price is 8 in the code and 9 in the account.");
  expect(output).toContain("topup_400 is missing in autumn.config.ts.");
});

test("an account that cannot be read fails with a sentence", async () => {
  const { code, output } = await check({
    AUTUMN_SECRET_KEY: "am_sk_x",
    AUTUMN_API_URL: sandbox.url,
  });
  expect(code).toBe(1);
  expect(output).toContain("The account could not be read");
});
