import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { HttpError } from "../server/http.ts";
import type { Route } from "../server/router.ts";
import type { Database } from "../transaction/database.ts";
import { archive } from "./archive.ts";

const run = promisify(execFile);

/**
 * Copies a file in a process of its own: when a process closes any handle of a file, it loses the
 * locks that SQLite holds on it (https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks).
 */
const COPY =
  "const fs = require('node:fs'); fs.copyFileSync(process.argv[1], process.argv[2], fs.constants.COPYFILE_FICLONE)";

/** Backups of a deployment that serves meanwhile. */
export class Backups {
  readonly #database: Database;
  readonly #dataDir: string;
  #isRunning = false;

  constructor(database: Database, dataDir: string) {
    this.#database = database;
    this.#dataDir = dataDir;
    rmSync(this.#copy, { force: true });
  }

  /** While it is, no stored file may be removed. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Everything that was acknowledged when it began, as one file. */
  routes(): Route[] {
    return [
      {
        method: "POST",
        path: "/api/backup",
        admin: true,
        handler: async (_request, response) => {
          if (this.#isRunning) {
            throw new HttpError(409, "BackupInProgress", "A backup is being made already.");
          }
          this.#isRunning = true;
          try {
            const source = join(this.#dataDir, "data.sqlite");
            await this.#database.whileUnchanged(async () => {
              await run(process.execPath, ["-e", COPY, source, this.#copy]);
            });
            const stream = await archive(this.#dataDir, this.#copy);
            response.writeHead(200, { "Content-Type": "application/zip" });
            await pipeline(stream, response);
          } finally {
            rmSync(this.#copy, { force: true });
            this.#isRunning = false;
          }
        },
      },
    ];
  }

  get #copy(): string {
    return join(this.#dataDir, "backup.sqlite");
  }
}
