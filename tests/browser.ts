import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";

/** The headless shell first: it draws the same pages with half the work. */
const SYSTEM_BROWSERS = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * The Chromium that the end-to-end tests drive: the one that PARLEY_CHROMIUM names, one that the
 * machine has, or one that is installed now (Playwright's own, else the system's package).
 * @throws Error with what to do, when there is none to be had.
 */
export async function findBrowser(): Promise<string> {
  const present = presentBrowser();
  if (present) return present;
  console.log("Installing a Chromium for the end-to-end tests (some minutes the first time) …");
  install(process.execPath, [
    join(import.meta.dirname, "..", "node_modules", "@playwright", "test", "cli.js"),
    ...["install", "--only-shell", "chromium"],
  ]);
  if (!presentBrowser() && existsSync("/usr/bin/apt-get")) {
    install("/usr/bin/apt-get", ["update", "-qq"]);
    for (const name of ["chromium-headless-shell", "chromium"]) {
      if (presentBrowser()) break;
      install("/usr/bin/apt-get", ["install", "-y", "-qq", "--no-install-recommends", name]);
    }
  }
  const installed = presentBrowser();
  if (installed) return installed;
  throw new Error(
    "The end-to-end tests need Chromium. Install it (`npx playwright install --with-deps chromium`, or your system's package) or name one in PARLEY_CHROMIUM.",
  );
}

function presentBrowser(): string | undefined {
  const named = process.env.PARLEY_CHROMIUM;
  if (named) return named;
  return [...SYSTEM_BROWSERS, chromium.executablePath()].find((path) => existsSync(path));
}

function install(command: string, args: string[]): void {
  spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], timeout: 600_000 });
}
