import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The version of the package that a module in `folder` would get: of the nearest `node_modules` from
 * there up, as Node looks for it. Null when there is none.
 */
export function installedVersion(folder: string, name: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    const version = versionIn(join(at, "node_modules", name, "package.json"));
    if (version !== null || at === dirname(at)) return version;
  }
}

function versionIn(file: string): string | null {
  try {
    const { version } = JSON.parse(readFileSync(file, "utf8")) as { version?: unknown };
    return typeof version === "string" ? version : null;
  } catch {
    return null;
  }
}
