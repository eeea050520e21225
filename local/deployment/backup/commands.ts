/** `backup` and `restore` of the command line. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { closeDataFile, openDataFile } from "../store/data-file.ts";
import { archive, unpack, writeWhole } from "./archive.ts";
import { BackupError } from "./backup-error.ts";

/** Written by a deployment while it serves: where it is reached. */
export const ADDRESS_FILE = "address";

/**
 * Writes a backup of a data folder into one file: from the deployment that serves it, or when none
 * does, from the folder itself. Throws a BackupError, with no file left behind.
 */
export async function backUp(dataDir: string, target: string): Promise<void> {
  if (!existsSync(join(dataDir, "data.sqlite"))) {
    throw new BackupError(`${dataDir} holds no deployment's data (--data).`);
  }
  if (existsSync(target)) throw new BackupError(`${target} exists already (--to).`);
  const part = `${target}.part`;
  const copy = join(dataDir, "backup.sqlite");
  try {
    const served = await requestBackup(dataDir);
    if (served) await writeWhole(served, part);
    else {
      await copyIdle(dataDir, copy);
      await writeWhole(await archive(dataDir, copy), part);
      rmSync(copy);
    }
    renameSync(part, target);
  } catch (error) {
    if (error instanceof BackupError || isDataFileError(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new BackupError(`The backup was not finished: ${reason}`);
  } finally {
    rmSync(part, { force: true });
  }
}

/**
 * Puts a backup where no data is: a deployment that starts on the folder goes on from there. Throws
 * a BackupError, with the folder as it was.
 */
export async function restore(source: string, dataDir: string): Promise<void> {
  if (!existsSync(source)) throw new BackupError(`There is no file ${source} (--from).`);
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) {
    throw new BackupError(`${dataDir} is not empty: restore into a new folder (--data).`);
  }
  const folder = `${resolve(dataDir)}.restoring`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "files"), { recursive: true });
  try {
    await unpack(source, folder);
    // Opened once, it is known to be whole and readable by this version.
    closeDataFile(openDataFile(join(folder, "data.sqlite")));
    rmSync(dataDir, { recursive: true, force: true });
    renameSync(folder, dataDir);
  } catch (error) {
    if (error instanceof BackupError || isDataFileError(error)) throw error;
    throw new BackupError(`${source} is damaged, or cannot be unpacked: ${String(error)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The backup as the running deployment sends it; null when none runs. */
async function requestBackup(dataDir: string): Promise<Readable | null> {
  const file = join(dataDir, ADDRESS_FILE);
  if (!existsSync(file)) return null;
  const key = readFileSync(join(dataDir, "admin-key"), "utf8").trim();
  const url = `${readFileSync(file, "utf8").trim()}/api/backup`;
  const headers = { Authorization: `Convex ${key}` };
  const response = await fetch(url, { method: "POST", headers }).catch(() => null);
  // It was killed, and its address is left over.
  if (response === null) return null;
  if (response.ok && response.body) return Readable.fromWeb(response.body);
  throw new BackupError(`The deployment refused: ${await response.text()}`);
}

/** Folds the logs into the data file, and copies the file while it is this process's own. */
async function copyIdle(dataDir: string, copy: string): Promise<void> {
  const file = join(dataDir, "data.sqlite");
  // What opens it takes in the redo log, and the last connection that closes it SQLite's own.
  closeDataFile(openDataFile(file));
  await copyFile(file, copy);
}

function isDataFileError(error: unknown): boolean {
  return error instanceof Error && "kind" in error;
}
