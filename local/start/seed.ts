import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadEnvFile } from "./env-file.ts";
import { readFlags } from "./flags.ts";
import { PORTS } from "./options.ts";
import { StartError } from "./start-error.ts";
import { reachable } from "./variables.ts";

// `npm run seed`: fills an account of a product that is running on this machine with samples. The
// account is made when there is none.

const PRESET_EMAIL = "you@example.com";
const PRESET_PASSWORD = "correct horse";

interface Called {
  readonly status: "success" | "error";
  readonly errorMessage?: string;
  readonly errorData?: { readonly code?: string; readonly message?: string };
  readonly value?: unknown;
}

async function seed(): Promise<void> {
  const values = readFlags(
    ["email", "password", "host", "convex-port", "data-dir"],
    process.argv.slice(2),
  );
  loadEnvFile(join(import.meta.dirname, "..", ".."));
  const { variable, preset } = PORTS.convexPort;
  const port = values["convex-port"] ?? (process.env[variable] || String(preset));
  const dataDir = resolve(values["data-dir"] ?? (process.env.DATA_DIR || ".parley"));
  const email = values.email ?? PRESET_EMAIL;
  const password = values.password ?? PRESET_PASSWORD;
  const host = reachable(values.host ?? (process.env.HOST || "127.0.0.1"));
  const url = `http://${host}:${port}`;

  const params = { flow: "signUp", email, password };
  const entered = await call(url, "action", "auth:signIn", { provider: "password", params });
  const isNew = entered.status === "success";
  if (!isNew && entered.errorData?.code !== "EMAIL_TAKEN") throw refusal(entered);
  const filled = await call(url, "mutation", "account/samples:fill", { email }, adminKey(dataDir));
  if (filled.status === "error") throw refusal(filled);
  const { filled: isFilled } = filled.value as { filled: boolean };
  console.log(
    isFilled
      ? `${email} has projects, tasks, pages and chats now.`
      : `${email} has projects already; nothing was added.`,
  );
  if (isNew) console.log(`The account is new. Its password: ${password}`);
}

/** Past all functions of the app stands only who runs the deployment. */
function adminKey(dataDir: string): string {
  try {
    return readFileSync(join(dataDir, "deployment", "admin-key"), "utf8").trim();
  } catch {
    throw new StartError(
      `There is no deployment in ${dataDir}. Start it first with \`npm start\`, or name its folder with --data-dir.`,
    );
  }
}

async function call(
  url: string,
  kind: "action" | "mutation",
  path: string,
  args: object,
  key?: string,
): Promise<Called> {
  try {
    const response = await fetch(`${url}/api/${kind}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(key === undefined ? {} : { authorization: `Convex ${key}` }),
      },
      body: JSON.stringify({ path, args, format: "json" }),
    });
    return (await response.json()) as Called;
  } catch {
    throw new StartError(
      `Nothing answers at ${url}. Start the product first with \`npm start\`, or name its port with --convex-port.`,
    );
  }
}

function refusal({ errorData, errorMessage }: Called): StartError {
  return new StartError(errorData?.message ?? errorMessage ?? "The deployment refused it.");
}

try {
  await seed();
} catch (error) {
  console.error(error instanceof StartError ? error.message : error);
  process.exitCode = 1;
}
