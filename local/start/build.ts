import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { digestOf } from "./digest.ts";
import { StartError } from "./start-error.ts";

const gzipped = promisify(gzip);

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

/** Lays a gzipped copy beside each script and style, which the web server sends to who takes it. */
async function compress(folder: string): Promise<void> {
  const names = readdirSync(folder).filter((name) => /\.(js|css|svg)$/.test(name));
  for (const name of names) {
    const path = join(folder, name);
    await writeFile(`${path}.gz`, await gzipped(readFileSync(path), { level: 9 }));
  }
}
