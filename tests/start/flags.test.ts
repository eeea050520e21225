import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const BOOTSTRAP = join(import.meta.dirname, "..", "..", "local", "start", "bootstrap.mjs");

const COMMANDS = [
  ...["start", "dev", "deployment", "backup", "restore", "models", "autumn"],
  ...["seed", "billing-check", "bench"],
];

test.each(COMMANDS)("%s refuses a flag that it does not know, in a sentence", (command) => {
  const { status, stderr } = spawnSync(process.execPath, [BOOTSTRAP, command, "--bogus"], {
    encoding: "utf8",
  });
  expect(stderr).toContain("Unknown option '--bogus'");
  expect(stderr).not.toMatch(/^ +at /m);
  expect(status).toBe(1);
});
