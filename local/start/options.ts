import { isAbsolute, resolve } from "node:path";
import { readFlags } from "./flags.ts";
import { StartError } from "./start-error.ts";

/** Where everything of one start listens and keeps its data. */
export interface Options {
  readonly mode: "start" | "dev";
  readonly host: string;
  readonly port: number;
  readonly convexPort: number;
  readonly convexSitePort: number;
  readonly modelsPort: number;
  readonly autumnPort: number;
  readonly dataDir: string;
  /** The address people use when a reverse proxy stands in front; null on one's own machine. */
  readonly publicUrl: string | null;
}

/** The flag and the environment variable that set each port, named in the error for a taken one. */
export const PORTS = {
  port: { flag: "--port", variable: "PORT", preset: 5173 },
  convexPort: { flag: "--convex-port", variable: "CONVEX_PORT", preset: 3210 },
  convexSitePort: { flag: "--convex-site-port", variable: "CONVEX_SITE_PORT", preset: 3211 },
  modelsPort: { flag: "--models-port", variable: "MODELS_PORT", preset: 3220 },
  autumnPort: { flag: "--autumn-port", variable: "AUTUMN_PORT", preset: 3230 },
} as const;

const FLAGS = [
  ...["host", "data-dir", "public-url"],
  ...Object.values(PORTS).map(({ flag }) => flag.slice(2)),
];

type Environment = Record<string, string | undefined>;

/**
 * Reads flags first, then environment variables, then presets.
 * @throws StartError for an unknown flag, a port that is none, or an address that is none.
 */
export function readOptions(
  mode: Options["mode"],
  args: string[],
  environment: Environment,
): Options {
  const flags = readFlags(FLAGS, args);
  const port = (name: keyof typeof PORTS): number => {
    const { flag, variable, preset } = PORTS[name];
    const text = flags[flag.slice(2)] ?? (environment[variable] || undefined);
    return text === undefined ? preset : parsePort(text, flag, variable);
  };
  return {
    mode,
    host: flags.host ?? (environment.HOST || "127.0.0.1"),
    port: port("port"),
    convexPort: port("convexPort"),
    convexSitePort: port("convexSitePort"),
    modelsPort: port("modelsPort"),
    autumnPort: port("autumnPort"),
    dataDir: absolute(flags["data-dir"] ?? (environment.DATA_DIR || ".parley")),
    publicUrl: parsePublicUrl(flags["public-url"] ?? (environment.PUBLIC_URL || undefined)),
  };
}

function parsePort(text: string, flag: string, variable: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new StartError(`${flag} (or ${variable}) takes a port from 1 to 65535, not "${text}".`);
}

function parsePublicUrl(text: string | undefined): string | null {
  if (text === undefined) return null;
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol) && url.pathname === "/") return url.origin;
  throw new StartError(
    `--public-url (or PUBLIC_URL) takes an address like https://parley.example.com, not "${text}".`,
  );
}

function absolute(path: string): string {
  return isAbsolute(path) ? path : resolve(process.cwd(), path);
}
