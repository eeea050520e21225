import { mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/**
 * Has modules below `folder` find the packages that are installed in `project`, which need not hold
 * the folder. A link that was laid before, perhaps to another project, is replaced.
 */
export function linkPackages(folder: string, project: string): void {
  const link = join(folder, "node_modules");
  mkdirSync(folder, { recursive: true });
  rmSync(link, { force: true });
  // A junction needs no permission on Windows; elsewhere it is a symbolic link.
  symlinkSync(resolve(project, "node_modules"), link, "junction");
}

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
