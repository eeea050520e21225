import { flushCompileCache } from "node:module";
import process from "node:process";
import { parseArgs } from "node:util";
import { BackupError } from "./backup/backup-error.ts";
import type { DeploymentOptions } from "./deployment.ts";
import { Engine } from "./process/engine.ts";
import { StartError } from "./start-error.ts";

const USAGE = `Usage: npm run deployment -- [options]
       npm run backup -- [--to FILE] [--data DIR]
       npm run restore -- --from FILE [--data DIR]

  --host HOST           address to listen on (127.0.0.1)
  --port PORT           clients, CLI and API (3210)
  --site-port PORT      HTTP actions (3211)
  --data DIR            everything that is kept (.parley/deployment)
  --packages DIR        where packages are installed that are not bundled (a folder above --data)
  --admin-key KEY       instead of the one kept in DIR/admin-key
  --cloud-origin URL    the address that clients use, where it is another
  --site-origin URL     the address of the HTTP actions, where it is another
  --turn-limit MS       how long a function may compute at a stretch (2000)
  --node-turn-limit MS  the same for actions in Node's runtime (10000)
  --production          errors reach clients without their text`;

const DATA_DIR = ".parley/deployment";

interface Options extends DeploymentOptions {
  /** Milliseconds of processor time. Convex gives a query or mutation one second in all. */
  readonly turnLimitMs: number;
}

function optionsFrom(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      host: { type: "string", default: "127.0.0.1" },
      port: { type: "string", default: "3210" },
      "site-port": { type: "string", default: "3211" },
      data: { type: "string", default: DATA_DIR },
      packages: { type: "string" },
      "admin-key": { type: "string" },
      "cloud-origin": { type: "string" },
      "site-origin": { type: "string" },
      "turn-limit": { type: "string", default: "2000" },
      "node-turn-limit": { type: "string", default: "10000" },
      production: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  return {
    host: values.host,
    port: portFrom(values.port, "--port"),
    sitePort: portFrom(values["site-port"], "--site-port"),
    dataDir: values.data,
    packagesDir: values.packages,
    adminKey: values["admin-key"],
    cloudOrigin: originFrom(values["cloud-origin"], "--cloud-origin"),
    siteOrigin: originFrom(values["site-origin"], "--site-origin"),
    turnLimitMs: limitFrom(values["turn-limit"], "--turn-limit"),
    nodeTurnLimitMs: limitFrom(values["node-turn-limit"], "--node-turn-limit"),
    production: values.production,
    reportsErrors: true,
  };
}

function portFrom(text: string, flag: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port < 65_536) return port;
  throw new StartError(`${flag} must be a port number, not ${text}.`);
}

function limitFrom(text: string, flag: string): number {
  if (/^\d+$/.test(text) && Number(text) > 0) return Number(text);
  throw new StartError(`${flag} must be a number of milliseconds, not ${text}.`);
}

function originFrom(text: string | undefined, flag: string): string | undefined {
  if (text === undefined || /^https?:\/\/[^/]+\/?$/.test(text)) return text;
  throw new StartError(`${flag} must be an origin such as https://chat.example.org, not ${text}.`);
}

/** Longer than the deployment itself takes to leave, shorter than a supervisor's patience. */
const LEAVE_LIMIT_MS = 2_200;

async function main(): Promise<void> {
  const [command, ...args] = process.argv.slice(2);
  if (command === "backup") await backUpFrom(args);
  else if (command === "restore") await restoreFrom(args);
  else await serve(process.argv.slice(2));
}

async function backUpFrom(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { to: { type: "string" }, data: { type: "string", default: DATA_DIR } },
  });
  const date = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  const target = values.to ?? `parley-backup-${date}.zip`;
  const { backUp } = await import("./backup/commands.ts");
  await backUp(values.data, target);
  console.log(`Backed up ${values.data} to ${target}. It holds secrets: keep it like the folder.`);
}

async function restoreFrom(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { from: { type: "string" }, data: { type: "string", default: DATA_DIR } },
  });
  if (values.from === undefined) throw new StartError("Which backup? Name it with --from FILE.");
  const { restore } = await import("./backup/commands.ts");
  await restore(values.from, values.data);
  console.log(`Restored ${values.from} to ${values.data}.`);
}

async function serve(args: string[]): Promise<void> {
  const options = optionsFrom(args);
  const engine = new Engine(options, options.turnLimitMs, (line) => console.error(line));
  let isLeaving = false;
  const leave = async () => {
    if (isLeaving) return;
    isLeaving = true;
    setTimeout(() => process.exit(1), LEAVE_LIMIT_MS).unref();
    await engine.close();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void leave());
  // A supervisor that died can send no signal, but its channel closes.
  process.on("disconnect", () => void leave());
  void engine.failure.then((reason) => {
    console.error(reason);
    process.exit(1);
  });
  console.log(`ready ${await engine.start()}`);
  flushCompileCache();
}

main().catch((error: unknown) => {
  const isExpected =
    error instanceof StartError ||
    error instanceof BackupError ||
    (error instanceof Error && "kind" in error);
  const isUsage = error instanceof TypeError && "code" in error;
  if (isExpected || isUsage) console.error((error as Error).message);
  else console.error(error);
  if (isUsage) console.error(USAGE);
  process.exit(1);
});
