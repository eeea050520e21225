import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import { buildPage } from "./build.ts";
import { prepareDataFolder } from "./data-folder.ts";
import { createDevelopmentServer } from "./development.ts";
import { loadEnvFile } from "./env-file.ts";
import {
  checkTypes,
  cliArguments,
  cliEnvironment,
  forgetPush,
  neededPush,
  pushFunctions,
  type DeploymentAddress,
  type Push,
} from "./functions.ts";
import { type AutumnKeys, autumnKeys, signingKeys } from "./keys.ts";
import { readOptions, type Options } from "./options.ts";
import { checkPorts } from "./ports.ts";
import { StartError } from "./start-error.ts";
import { Supervisor, type Service } from "./supervisor.ts";
import {
  checkVariables,
  cloudUrl,
  deploymentVariables,
  hasRealModel,
  isUsableHereOnly,
  pageUrl,
  type Purchases,
  reachable,
  siteUrl,
  whichPurchases,
} from "./variables.ts";
import { createWebServer } from "./web.ts";

const root = join(import.meta.dirname, "..", "..");
const say = (line: string): void => console.log(line);
const supervisor = new Supervisor(say);
/** Ends the programs that only prepare the start. */
const ending = new AbortController();

/** Starts everything in the order of who needs whom, and prints the ready line at the end. */
async function start(options: Options): Promise<void> {
  checkVariables(process.env);
  await checkPorts(options);
  prepareDataFolder(options.dataDir);
  const purchases = purchasesOf(options);
  const services = startServices(options, purchases);
  const checked = checkedPush(options, purchases);
  const [page] = await Promise.all([
    // Not before: the push waits for services and types, and the build takes all processors.
    options.mode === "start" ? services.then(() => buildPage(root)) : "unchanged",
    Promise.all([checked, services]).then(([push]) => startFunctions(options, push)),
  ]);
  if (page === "built") say("The page is built.");
  const server = await createPageServer(options);
  await listen(server, options);
  say(`ready http://${reachable(options.host)}:${options.port}`);
  say(`Open ${pageUrl(options)} — data in ${options.dataDir} — Ctrl-C stops all of it.`);
  if (isUsableHereOnly(options)) {
    say("Other machines can use it once --public-url names the address at which they open it.");
  }
  if (!hasRealModel(process.env)) {
    say("Answers come from the demonstration model; AZURE_OPENAI_* in .env connect a real one.");
  }
  say(PURCHASES[purchases.kind]);
}

const PURCHASES = {
  service: "Purchases are made with Autumn.",
  sandbox: "Purchases are made in a sandbox where no money moves; AUTUMN_* in .env connect Autumn.",
  off: "Nothing can be bought: AUTUMN_SECRET_KEY is not set.",
} as const;

/** The deployment, and what answers in the place of services that were not set up. */
async function startServices(options: Options, purchases: Purchases): Promise<void> {
  const services = [deploymentService(options)];
  if (purchases.kind === "sandbox") services.push(autumnService(options, purchases.keys));
  if (!hasRealModel(process.env)) services.push(modelsService(options));
  await Promise.all(services.map((service) => supervisor.start(service)));
}

/** What is to be pushed, its types checked; null when it is there already. */
async function checkedPush(options: Options, purchases: Purchases): Promise<Push | null> {
  const keys = await signingKeys(options.dataDir);
  const variables = deploymentVariables(options, keys, purchases, process.env);
  const push = neededPush(root, options.dataDir, variables, siteUrl(options));
  if (push) await checkTypes(root, ending.signal);
  return push;
}

async function startFunctions(options: Options, push: Push | null): Promise<void> {
  const adminKey = readFileSync(join(options.dataDir, "deployment", "admin-key"), "utf8").trim();
  const url = `http://${reachable(options.host)}:${options.convexPort}`;
  const deployment = { url, adminKey };
  if (push) {
    await pushFunctions(push, deployment, ending.signal);
    say("The functions are pushed.");
  }
  if (options.mode === "start") return;
  forgetPush(options.dataDir);
  await supervisor.start(watchService(deployment));
}

function deploymentService(options: Options): Service {
  const { mode, host, convexPort, convexSitePort, dataDir, publicUrl } = options;
  return {
    name: "deployment",
    args: [
      "--experimental-vm-modules",
      "--disable-warning=ExperimentalWarning",
      join(root, "local", "deployment", "main.ts"),
      ...["--host", host, "--port", `${convexPort}`, "--site-port", `${convexSitePort}`],
      ...["--data", join(dataDir, "deployment"), "--packages", root],
      ...["--cloud-origin", cloudUrl(options), "--site-origin", siteUrl(options)],
      ...(publicUrl === null ? [] : ["--production"]),
    ],
    readyLine: /^ready /,
    // In development the functions' logs are shown whole.
    ...(mode === "start" ? { shows: "errors" } : {}),
  };
}

function modelsService({ modelsPort }: Options): Service {
  return {
    name: "models",
    args: [
      "--disable-warning=ExperimentalWarning",
      join(root, "local", "models", "main.ts"),
      ...["--port", `${modelsPort}`],
    ],
    readyLine: /^ready /,
  };
}

function purchasesOf(options: Options): Purchases {
  const kind = whichPurchases(options, process.env);
  return kind === "sandbox" ? { kind, keys: autumnKeys(options.dataDir) } : { kind };
}

/** The sandbox's keys go by the environment: a command line can be read by everybody. */
function autumnService(options: Options, keys: AutumnKeys): Service {
  const { autumnPort, dataDir, host, convexSitePort } = options;
  return {
    name: "autumn",
    args: [
      "--disable-warning=ExperimentalWarning",
      join(root, "local", "autumn", "main.ts"),
      ...["--port", `${autumnPort}`, "--file", join(dataDir, "autumn", "sandbox.sqlite3")],
      ...["--config", join(root, "autumn.config.ts")],
      ...["--webhook-url", `http://${reachable(host)}:${convexSitePort}/webhooks/autumn`],
    ],
    // Building the page leaves Vite's own NODE_ENV in this process.
    env: { ...keys, NODE_ENV: "" },
    readyLine: /^ready /,
  };
}

/** Pushes again at each change of `convex/`, and shows the functions' logs. */
function watchService(deployment: DeploymentAddress): Service {
  return {
    name: "functions",
    args: cliArguments("dev", "--tail-logs", "always"),
    env: cliEnvironment(deployment),
    readyLine: null,
    shows: "all",
  };
}

function createPageServer(options: Options): Promise<Server> {
  const convexUrl = cloudUrl(options);
  return options.mode === "dev"
    ? createDevelopmentServer(root, convexUrl)
    : Promise.resolve(createWebServer(root, options, convexUrl));
}

function listen(server: Server, { port, host }: Options): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(new StartError(error.message)));
    server.listen(port, host, resolve);
  });
}

let stopping = false;
async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  ending.abort();
  await supervisor.stop();
  process.exit(code);
}

process.on("SIGINT", () => void stop(0));
process.on("SIGTERM", () => void stop(0));
process.on("SIGHUP", () => void stop(0));

try {
  loadEnvFile(root);
  const mode = process.argv[2] === "dev" ? "dev" : "start";
  await start(readOptions(mode, process.argv.slice(3), process.env));
} catch (error) {
  // A person's mistake is told in a sentence; what nobody foresaw keeps its stack.
  if (!stopping) console.error(error instanceof StartError ? error.message : error);
  await stop(1);
}
