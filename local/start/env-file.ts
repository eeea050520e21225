import { existsSync } from "node:fs";
import { join } from "node:path";

/** Takes the settings of the root's `.env`, if there is one. What the environment has already stays. */
export function loadEnvFile(root: string): void {
  const file = join(root, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
}
