import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePorts } from "../product/ports.ts";
import { descendantsOf } from "../product/processes.ts";
import { Product } from "../product/product.ts";

// What a person sees when `npm start` cannot start: one clear sentence, a code that is not 0, and
// nothing left running or changed.

const root = join(import.meta.dirname, "..", "..");
const START_MS = 120_000;
let product: Product;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "parley-start-"));
  product = await Product.start();
}, START_MS);

afterAll(async () => {
  await product.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a start that is expected to give up, on free ports unless told otherwise. */
async function failedStart(env: Record<string, string>, cwd = root): Promise<Ended> {
  const [port, convex, site, models, autumn] = (await freePorts(5)).map(String);
  const child = spawn(process.execPath, [join("local", "start", "bootstrap.mjs"), "start"], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      PORT: port,
      CONVEX_PORT: convex,
      CONVEX_SITE_PORT: site,
      MODELS_PORT: models,
      AUTUMN_PORT: autumn,
      DATA_DIR: mkdtempSync(join(folder, "data-")),
      ...env,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const [code] = (await once(child, "close")) as [number | null];
  expect(descendantsOf(child.pid ?? -1)).toEqual([]);
  return { code, output };
}

test("a taken port is named with the flag that moves it", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  for (const [variable, flag] of [
    ["PORT", "--port"],
    ["CONVEX_PORT", "--convex-port"],
    ["CONVEX_SITE_PORT", "--convex-site-port"],
    ["MODELS_PORT", "--models-port"],
    ["AUTUMN_PORT", "--autumn-port"],
  ] as const) {
    const { code, output } = await failedStart({ [variable]: String(port) });
    expect(output).toContain(`Port ${port} on 127.0.0.1 is taken. Choose another with ${flag}`);
    expect(code).toBe(1);
  }
  taken.close();
});

test("a data folder that cannot be written is named", async () => {
  const file = join(folder, "a-file");
  writeFileSync(file, "");
  const { code, output } = await failedStart({ DATA_DIR: join(file, "data") });
  expect(output).toContain(`The data folder ${join(file, "data")} cannot be written`);
  expect(code).toBe(1);
});

test("a second start on a data folder in use is refused, and the first goes on", async () => {
  const { code, output } = await failedStart({ DATA_DIR: product.dataDir });
  expect(output).toContain("in use");
  expect(code).toBe(1);
  expect((await fetch(product.url)).status).toBe(200);
});

test("a corrupt data file is refused and left as it is", async () => {
  const dataDir = mkdtempSync(join(folder, "corrupt-"));
  cpSync(join(product.dataDir, "deployment", "admin-key"), join(dataDir, "deployment/admin-key"));
  const file = join(dataDir, "deployment", "data.sqlite");
  writeFileSync(file, "this was a database once".repeat(1000));
  const before = readFileSync(file);
  const { code, output } = await failedStart({ DATA_DIR: dataDir });
  expect(output).toContain("damaged or not a database");
  expect(code).toBe(1);
  expect(readFileSync(file).equals(before)).toBe(true);
});

test("a data file of a newer version is refused and left as it is", async () => {
  const dataDir = mkdtempSync(join(folder, "newer-"));
  await makeDeploymentData(join(dataDir, "deployment"));
  const file = join(dataDir, "deployment", "data.sqlite");
  const sqlite = new DatabaseSync(file);
  sqlite.exec("PRAGMA user_version = 99");
  sqlite.close();
  const before = readFileSync(file);
  const { code, output } = await failedStart({ DATA_DIR: dataDir });
  expect(output).toContain("newer version");
  expect(code).toBe(1);
  expect(readFileSync(file).equals(before)).toBe(true);
});

test(
  "functions that do not type-check are told with the place, and nothing is left running",
  async () => {
    const copy = mkdtempSync(join(folder, "copy-"));
    const names = [
      "convex",
      "local",
      "src",
      "public",
      "index.html",
      "package.json",
      "autumn.config.ts",
    ];
    for (const name of [...names, "package-lock.json", "vite.config.ts", "tsconfig.json"]) {
      cpSync(join(root, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    appendFileSync(join(copy, "convex", "crons.ts"), "export const broken: number = 'text';\n");
    const { code, output } = await failedStart({}, copy);
    expect(output).toContain("The functions do not type-check.");
    expect(output).toContain("crons.ts");
    expect(output).toContain("not assignable to type 'number'");
    expect(code).toBe(1);
  },
  START_MS,
);

/** Leaves behind what a deployment keeps. */
async function makeDeploymentData(dataDir: string): Promise<void> {
  const [port, sitePort] = (await freePorts(2)).map(String);
  const child = spawn(
    process.execPath,
    [
      "--experimental-vm-modules",
      join(root, "local", "deployment", "main.ts"),
      ...["--port", port ?? "", "--site-port", sitePort ?? "", "--data", dataDir],
    ],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  await once(child.stdout, "data");
  child.kill("SIGTERM");
  await once(child, "exit");
}

test("what fails in a function is told to whoever runs the product", async () => {
  await fetch(`${product.convexUrl}/api/query`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ path: "no:such", args: {}, format: "json" }),
  });
  await product.waitForLine("Query no:such [Request ID: ", 10_000);
});
