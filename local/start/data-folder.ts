import { accessSync, constants, mkdirSync } from "node:fs";
import { StartError } from "./start-error.ts";

/**
 * Makes the data folder when it is missing and checks that it can be written.
 * @throws StartError with the folder's path and the system's reason.
 */
export function prepareDataFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(
      `The data folder ${path} cannot be written (${code}). Choose another with --data-dir (or DATA_DIR).`,
    );
  }
}
