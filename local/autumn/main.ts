import { parseArgs } from "node:util";
import { readCatalogue } from "./catalogue.ts";
import { startSandbox } from "./server.ts";

// The command line: `npm run autumn -- --port 3230`. README.md lists flags and variables.

const PRESET_PORT = 3230;

const values = readFlags();

function readFlags() {
  try {
    return parseArgs({
      options: {
        port: { type: "string", default: process.env.AUTUMN_PORT },
        config: { type: "string", default: "autumn.config.ts" },
        file: { type: "string", default: ":memory:" },
        "webhook-url": { type: "string" },
      },
    }).values;
  } catch (error) {
    return fail((error as Error).message);
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

if (process.env.NODE_ENV === "production") {
  fail(
    "The Autumn sandbox gives plans away, so it does not start with NODE_ENV=production. Set AUTUMN_SECRET_KEY to use the real service.",
  );
}
const port = values.port ? Number(values.port) : PRESET_PORT;
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  fail(`--port (or AUTUMN_PORT) takes a port from 0 to 65535, not "${values.port}".`);
}
const secretKey = process.env.AUTUMN_SECRET_KEY || "am_sk_test_sandbox";
if (!secretKey.startsWith("am_sk_")) fail("AUTUMN_SECRET_KEY begins with am_sk_.");
const webhookSecret = process.env.AUTUMN_WEBHOOK_SECRET;
if (values["webhook-url"] && !webhookSecret?.startsWith("whsec_")) {
  fail("--webhook-url needs AUTUMN_WEBHOOK_SECRET, which begins with whsec_.");
}

// Every change is on disk when it is made, so there is nothing to finish: the end is at once.
process.on("SIGTERM", () => process.exit(0));
process.on("SIGINT", () => process.exit(0));
process.on("disconnect", () => process.exit(0));

try {
  const sandbox = await startSandbox({
    port,
    file: values.file,
    catalogue: await readCatalogue(values.config),
    secretKey,
    destination: values["webhook-url"]
      ? { url: values["webhook-url"], secret: webhookSecret ?? "" }
      : null,
  });
  console.log(`ready ${sandbox.url}`);
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  fail(
    code === "EADDRINUSE"
      ? `Port ${port} on 127.0.0.1 is taken. Choose another with --port (or AUTUMN_PORT).`
      : message,
  );
}
