import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { neededPush } from "./functions.ts";

const SITE = "http://127.0.0.1:3211";
let root: string;
let dataDir: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "parley-push-"));
  dataDir = join(root, ".parley");
  for (const folder of ["convex", join(".parley", "deployment")]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  writeFileSync(join(root, "convex", "notes.ts"), "export const one = 1;");
  const push = neededPush(root, dataDir, { COLOUR: "red" }, SITE)!;
  writeFileSync(push.stamp, push.digest);
});
afterEach(() => rmSync(root, { recursive: true }));

const isNeeded = (variables: Record<string, string>, siteUrl: string) =>
  neededPush(root, dataDir, variables, siteUrl) !== null;

test("what was pushed is not pushed again", () => {
  expect(isNeeded({ COLOUR: "red" }, SITE)).toBe(false);
});

test("other functions, variables and another address of the routes are pushed", () => {
  expect(isNeeded({ COLOUR: "blue" }, SITE)).toBe(true);
  expect(isNeeded({ COLOUR: "red" }, "http://127.0.0.1:4211")).toBe(true);
  writeFileSync(join(root, "convex", "notes.ts"), "export const one = 2;");
  expect(isNeeded({ COLOUR: "red" }, SITE)).toBe(true);
});
