import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Deployment, startDeployment } from "../../deployment.ts";
import { CliProject } from "../../push/cli-project.ts";
import { installedVersion, linkPackages } from "./external-packages.ts";

const NODE_MODULES = join(import.meta.dirname, "../../../../node_modules");
const ACTION = `"use node";
  import { actionGeneric } from "convex/server";
  import { WebSocketServer } from "ws";
  export const kind = actionGeneric(async () => typeof WebSocketServer);
`;

let root: string;
let deployment: Deployment;
let project: CliProject;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "parley-external-"));
  const dataDir = join(root, ".parley", "deployment");
  deployment = await startDeployment({ dataDir, host: "127.0.0.1", port: 0, sitePort: 0 });
  project = new CliProject(deployment);
  project.write("package.json", '{"dependencies":{"convex":"1.48.0","ws":"*"}}');
  project.write("convex.json", '{"node":{"externalPackages":["ws"]}}');
  project.write("convex/external.ts", ACTION);
});

afterEach(async () => {
  await project.dispose();
  await deployment.close();
  rmSync(root, { recursive: true });
});

test("a Node action imports an external package from a folder above the data folder", async () => {
  symlinkSync(NODE_MODULES, join(root, "node_modules"), "junction");
  await project.push();
  const client = new ConvexHttpClient(deployment.url, { logger: false });
  const kind = makeFunctionReference<"action">("external:kind");
  expect(await client.action(kind, {})).toBe("function");
});

test("a push is refused in words when the package is not there, or in another version", async () => {
  const push = () => project.run("dev", "--once", "--typecheck", "disable");
  const missing = await push();
  expect(missing.code).not.toBe(0);
  expect(missing.stderr).toMatch(/The package ws is external .* and there is none\./);
  mkdirSync(join(root, "node_modules", "ws"), { recursive: true });
  writeFileSync(join(root, "node_modules", "ws", "package.json"), '{"version":"0.1.0"}');
  expect((await push()).stderr).toMatch(/and there is 0\.1\.0\. Install it there/);
});

test("packages are found in a folder that was named, and named again", () => {
  const folder = join(root, "data", "node-modules");
  for (const [project, version] of [
    ["one", "1.0.0"],
    ["two", "2.0.0"],
  ] as const) {
    mkdirSync(join(root, project, "node_modules", "ws"), { recursive: true });
    const about = join(root, project, "node_modules", "ws", "package.json");
    writeFileSync(about, JSON.stringify({ version }));
    linkPackages(folder, join(root, project));
    expect(installedVersion(folder, "ws")).toBe(version);
  }
});

test("the version of a package is that of the nearest node_modules", () => {
  const inner = join(root, "a", "b");
  const folder = join(root, "a", "node_modules", "@scope", "one");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"version":"1.2.3"}');
  expect(installedVersion(inner, "@scope/one")).toBe("1.2.3");
  expect(installedVersion(inner, "not-there")).toBeNull();
});
