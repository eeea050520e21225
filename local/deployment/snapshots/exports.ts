import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { FileStorage } from "../files/file-storage.ts";
import { APP } from "../functions/components.ts";
import { HttpError } from "../server/http.ts";
import type { Database } from "../transaction/database.ts";
import { EXPORTS_TABLE } from "./tables.ts";
import { writeZip } from "./zip-export.ts";

/** Exports that were asked for; the newest one is kept until the next. */
export class Exports {
  readonly #database: Database;
  readonly #files: FileStorage;
  readonly #folder: string;
  readonly #onInternalError: (error: unknown) => void;
  #isRunning = false;

  constructor(
    database: Database,
    files: FileStorage,
    folder: string,
    onInternalError: (error: unknown) => void,
  ) {
    this.#database = database;
    this.#files = files;
    this.#folder = folder;
    this.#onInternalError = onInternalError;
    mkdirSync(folder, { recursive: true });
  }

  /** Begins an export. How it goes on is told in the `_exports` table. */
  async request(includeStorage: boolean): Promise<void> {
    if (this.#isRunning) {
      throw new HttpError(400, "ExportInProgress", "There is already an export in progress.");
    }
    this.#isRunning = true;
    try {
      const id = await this.#database.write((tx) =>
        tx.insert(APP, EXPORTS_TABLE.name, { state: "in_progress", requestor: "snapshotExport" }),
      );
      void this.#run(id, includeStorage).finally(() => {
        this.#isRunning = false;
      });
    } catch (error) {
      this.#isRunning = false;
      throw error;
    }
  }

  /** Where the export of that timestamp lies. */
  path(ts: bigint): string {
    return join(this.#folder, `snapshot_${ts}.zip`);
  }

  async #run(id: string, includeStorage: boolean): Promise<void> {
    const tx = this.#database.beginRead();
    const path = this.path(tx.snapshotTs);
    try {
      for (const old of readdirSync(this.#folder)) rmSync(join(this.#folder, old));
      await writeZip(path, tx, includeStorage ? this.#files : null);
      const { snapshotTs } = tx;
      await this.#set(id, {
        state: "completed",
        start_ts: snapshotTs,
        complete_ts: this.#database.latestTs,
        zip_object_key: `snapshot_${snapshotTs}.zip`,
      });
    } catch (error) {
      rmSync(path, { force: true });
      this.#onInternalError(error);
      await this.#set(id, { state: "failed" }).catch(this.#onInternalError);
    } finally {
      tx.close();
    }
  }

  async #set(id: string, fields: Record<string, string | bigint>): Promise<void> {
    await this.#database.write((tx) => tx.patch(APP, id, fields));
  }
}
