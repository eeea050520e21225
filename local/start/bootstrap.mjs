// The only lines that run before anything is installed, and so on the machine's own Node (20 or
// later) and on its standard library alone: bring node_modules up to the lock file, then hand over
// to the Node 24 that is one of the packages.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const isWindows = process.platform === "win32";

const PARENT_CHECK_MS = 200;

/** What was made of each module, its types stripped, is found there at the next start. */
const NODE_COMPILE_CACHE = join(root, "node_modules", ".cache", "compiled");

/** What each command of package.json runs: a file, and flags of Node for it. */
const COMMANDS = {
  start: { file: "local/start/main.ts", args: ["start"] },
  dev: { file: "local/start/main.ts", args: ["dev"] },
  deployment: { file: "local/deployment/main.ts", flags: ["--experimental-vm-modules"] },
  backup: { file: "local/deployment/main.ts", args: ["backup"] },
  restore: { file: "local/deployment/main.ts", args: ["restore"] },
  models: { file: "local/models/main.ts" },
  keys: { file: "local/start/print-keys.ts" },
  seed: { file: "local/start/seed.ts" },
  autumn: { file: "local/autumn/main.ts" },
  "billing-check": { file: "local/start/billing-check.ts" },
  test: { file: "tests/run.ts", args: ["test"] },
  check: { file: "tests/run.ts", args: ["check"] },
  bench: { file: "tests/bench/main.ts" },
};

function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Whether what npm recorded as installed is what the lock file asks for, however it was installed. */
function isInstalled() {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const installed = packagesOf(record);
  return Object.entries(packagesOf(join(root, "package-lock.json"))).every(
    ([path, { version, optional }]) =>
      path === "" || (installed[path] ? installed[path].version === version : optional),
  );
}

function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, "utf8")).packages;
}

function installIfNeeded() {
  if (isInstalled()) return;
  console.log("Installing the packages of package-lock.json (about a minute the first time) …");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: "inherit",
    shell: isWindows,
  });
  if (status !== 0) fail("The packages could not be installed; npm's own message is above.");
}

function run({ file, args = [], flags = [] }) {
  const node = join(root, "node_modules", "node", "bin", isWindows ? "node.exe" : "node");
  if (!existsSync(node)) {
    fail(
      "The Node 24 runtime is missing: its package needs its install script. Run `npm ci` without --ignore-scripts.",
    );
  }
  const child = spawn(
    node,
    [
      ...flags,
      "--disable-warning=ExperimentalWarning",
      join(root, file),
      ...args,
      ...process.argv.slice(3),
    ],
    { cwd: root, env: { ...process.env, NODE_COMPILE_CACHE }, stdio: "inherit" },
  );
  // A terminal sends its Ctrl-C to the child too; a plain kill reaches only this process.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  if (process.env.npm_lifecycle_event) followParent(() => child.kill("SIGTERM"));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
}

/** A kill of npm ends npm and its shell, and tells nobody else: the new parent tells. */
function followParent(onGone) {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) onGone();
  }, PARENT_CHECK_MS).unref();
}

const [major] = process.versions.node.split(".").map(Number);
if (major < 20) fail(`Parley needs Node 20 or later to start; this is ${process.version}.`);
const command = COMMANDS[process.argv[2]];
if (!command) fail(`Unknown command: ${process.argv[2] ?? "(none)"}`);
process.chdir(root);
installIfNeeded();
run(command);
