import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { digestOf } from "./digest.ts";
import { StartError } from "./start-error.ts";

const gzipped = promisify(gzip);
const brotli = promisify(brotliCompress);
/** Takes no longer than gzip, for 6 % less; what is smaller still takes ten times as long. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** The built page's folder, beneath the project's root. */
export const DIST = "dist";

const INPUTS = [
  "src",
  "convex",
  "public",
  "index.html",
  "vite.config.ts",
  "tsconfig.json",
  "package-lock.json",
];

/**
 * Builds the page, unless the last build was made from the same files.
 * @throws StartError with Vite's message when it does not build.
 */
export async function buildPage(root: string): Promise<"built" | "unchanged"> {
  const stamp = join(root, DIST, ".built-from");
  const digest = digestOf(INPUTS.map((name) => join(root, name)));
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return "unchanged";
  try {
    // Loaded only here: a start where nothing changed does without the bundler.
    const { build } = await import("vite");
    await build({ root, logLevel: "error", build: { outDir: DIST, emptyOutDir: true } });
    await compress(join(root, DIST, "assets"));
  } catch (error) {
    throw new StartError(`The page could not be built.\n${(error as Error).message}`);
  }
  writeFileSync(stamp, digest);
  return "built";
}

/** Lays packed copies beside each script and style, which the web server sends to who takes them. */
async function compress(folder: string): Promise<void> {
  const names = readdirSync(folder).filter((name) => /\.(js|css|svg)$/.test(name));
  const pack = async (name: string): Promise<void> => {
    const path = join(folder, name);
    const text = readFileSync(path);
    await Promise.all([
      brotli(text, BROTLI).then((packed) => writeFile(`${path}.br`, packed)),
      gzipped(text).then((packed) => writeFile(`${path}.gz`, packed)),
    ]);
  };
  await Promise.all(names.map(pack));
}
