import { parseArgs } from "node:util";
import { HUMAN_PACE, startModelServer } from "./server.ts";

// The command line: `npm run models -- --port 3220`. README.md lists flags and variables.

const PRESET_PORT = 3220;

const values = readFlags();

function numberOf(name: keyof typeof values, preset: number, lowest: number): number {
  const text = values[name];
  if (!text) return preset;
  const number = Number(text);
  if (Number.isFinite(number) && number >= lowest) return number;
  return fail(`--${name} takes a number from ${lowest}, not "${text}".`);
}

function readFlags() {
  try {
    return parseArgs({
      options: {
        port: { type: "string", default: process.env.MODELS_PORT },
        "tokens-per-second": { type: "string", default: process.env.MODELS_TOKENS_PER_SECOND },
        "first-token-ms": { type: "string", default: process.env.MODELS_FIRST_TOKEN_MS },
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

// Nothing is kept, so there is nothing to finish: the end is at once.
process.on("SIGTERM", () => process.exit(0));
process.on("SIGINT", () => process.exit(0));
process.on("disconnect", () => process.exit(0));

const port = numberOf("port", PRESET_PORT, 0);
const pace = {
  tokensPerSecond: numberOf("tokens-per-second", HUMAN_PACE.tokensPerSecond, 0.1),
  firstTokenMs: numberOf("first-token-ms", HUMAN_PACE.firstTokenMs, 0),
};
try {
  const server = await startModelServer(port, pace);
  console.log(`ready ${server.url}`);
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  fail(
    code === "EADDRINUSE"
      ? `Port ${port} on 127.0.0.1 is taken. Choose another with --port (or MODELS_PORT).`
      : message,
  );
}
