import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Autumn } from "autumn-js";
import { afterEach, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");
const running: ChildProcess[] = [];

function start(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), ...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: "", AUTUMN_SECRET_KEY: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  const errors: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  return { child, errors };
}

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

test("it serves the plans of autumn.config.ts on loopback", async () => {
  const { child } = start(["--port", "0"]);
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  expect(line).toMatch(/^ready http:\/\/127\.0\.0\.1:\d+$/);
  const autumn = new Autumn({
    secretKey: "am_sk_test_sandbox",
    serverURL: line.slice("ready ".length),
    failOpen: false,
  });
  const { list } = await autumn.plans.list();
  const prices = Object.fromEntries(list.map(({ id, price }) => [id, price?.amount]));
  expect(prices).toEqual({ pro: 20, topup_500: 5, topup_1000: 9, topup_5000: 40 });
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
});

test("it does not start with a plan that `atmn push` would refuse", async () => {
  const folder = mkdtempSync(join(tmpdir(), "parley-config-"));
  const config = join(folder, "autumn.config.ts");
  writeFileSync(
    config,
    `import { item, plan } from "atmn";
     export const pack = plan({ id: "pack", items: [item({ featureId: "credits", included: 500 })] });`,
  );
  const { child, errors } = start(["--port", "0", "--config", config]);
  const [code] = await once(child, "exit");
  rmSync(folder, { recursive: true });
  expect(code).toBe(1);
  expect(errors.join("")).toMatch("pack: an item that includes credits says when they are reset");
});

test.each([
  [{ NODE_ENV: "production" }, [], /NODE_ENV=production/],
  [{ AUTUMN_SECRET_KEY: "sk_live_1" }, [], /am_sk_/],
  [{}, ["--webhook-url", "http://127.0.0.1:1/"], /AUTUMN_WEBHOOK_SECRET/],
  [{}, ["--port", "none"], /--port/],
  [{}, ["--config", "package.json"], /./],
])("it does not start with %j %j", async (env, args, says) => {
  const { child, errors } = start(["--port", "0", ...args], env);
  const [code] = await once(child, "exit");
  expect(code).toBe(1);
  expect(errors.join("")).toMatch(says);
});
