import { randomUUID } from "node:crypto";
import { createWriteStream, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { FileStorage } from "../files/file-storage.ts";
import { APP } from "../functions/components.ts";
import { HttpError } from "../server/http.ts";
import { readRows } from "../system-rows.ts";
import type { Database } from "../transaction/database.ts";
import type { ConvexObject } from "../values/encoding.ts";
import { ImportError } from "./import-error.ts";
import { describePlan, type ImportMode, isDestructive, planImport } from "./import-plan.ts";
import { runImport } from "./import-run.ts";
import { type ImportSource, tableSource, zipSource } from "./import-source.ts";
import { IMPORTS_TABLE } from "./tables.ts";

const MODES: ReadonlySet<unknown> = new Set(["requireEmpty", "append", "replace", "replaceAll"]);
const FORMATS: ReadonlySet<unknown> = new Set(["csv", "jsonLines", "jsonArray", "zip"]);

/** What the CLI wants to import, once the file is here. */
export interface ImportRequest {
  readonly mode: ImportMode;
  readonly format: "csv" | "jsonLines" | "jsonArray" | "zip";
  readonly tableName: string | null;
  readonly componentPath: string;
}

/** Uploads, and imports from what was uploaded; how those go on is told in `_snapshot_imports`. */
export class Imports {
  readonly #database: Database;
  readonly #files: FileStorage;
  readonly #folder: string;
  readonly #onInternalError: (error: unknown) => void;
  /** How many parts of each upload are here. */
  readonly #parts = new Map<string, number>();

  /** What an earlier process left unfinished is gone: the CLI has long given up. */
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
    for (const left of readdirSync(folder)) rmSync(join(folder, left));
  }

  /** Imports of an earlier process did not happen: they are done as a whole or not at all. */
  async failUnfinished(): Promise<void> {
    await this.#database.write((tx) => {
      for (const { id, value } of readRows(tx, `${IMPORTS_TABLE.name}.by_creation_time`, [])) {
        const { state } = value["state"] as { state: string };
        if (state === "completed" || state === "failed") continue;
        const error = "The deployment was restarted. Import again.";
        tx.patch(APP, id, { state: { state: "failed", error_message: error } });
      }
    });
  }

  startUpload(): string {
    const token = randomUUID();
    this.#parts.set(token, 0);
    return token;
  }

  /** Adds the next part, which must come in order. */
  async addPart(token: string, part: number, content: AsyncIterable<Uint8Array>): Promise<void> {
    const parts = this.#parts.get(token);
    if (parts === undefined || part !== parts + 1) {
      throw new HttpError(400, "BadUpload", `Part ${part} is not the next part of an upload.`);
    }
    this.#parts.set(token, part);
    await pipeline(content, createWriteStream(this.#path(token), { flags: "a" }));
  }

  /** Takes what was uploaded for an import. Returns the import's id. */
  async finishUpload(token: string, request: ImportRequest): Promise<string> {
    if (!this.#parts.delete(token) || !existsSync(this.#path(token))) {
      throw new HttpError(400, "BadUpload", "The upload is empty or was finished already.");
    }
    const id = await this.#database.write((tx) =>
      tx.insert(APP, IMPORTS_TABLE.name, {
        state: { state: "uploaded" },
        requestor: "snapshotImport",
        upload: token,
        request: { ...request },
      }),
    );
    void this.#prepare(id, token, request);
    return id;
  }

  /** Begins an import that waits for it. */
  async perform(id: string): Promise<void> {
    const { upload, request } = await this.#leave(id, "waiting_for_confirmation", {
      state: "in_progress",
      progress_message: "Importing",
      checkpoint_messages: [],
    });
    void this.#finishing(id, upload, async () => {
      const source = await this.#open(upload, request);
      try {
        const written = await runImport(this.#database, this.#files, source, request.mode);
        return { state: "completed", num_rows_written: BigInt(written) };
      } finally {
        source.close();
      }
    });
  }

  async cancel(id: string): Promise<void> {
    const { upload } = await this.#leave(id, "waiting_for_confirmation", {
      state: "failed",
      error_message: "Import canceled",
    });
    rmSync(this.#path(upload), { force: true });
  }

  /** Reads the whole file once and says what would become of the tables. */
  async #prepare(id: string, upload: string, request: ImportRequest): Promise<void> {
    await this.#telling(id, upload, async () => {
      const source = await this.#open(upload, request);
      const tx = this.#database.beginRead();
      try {
        const plan = await planImport(source, request.mode, tx);
        return {
          state: "waiting_for_confirmation",
          message_to_confirm: describePlan(plan),
          require_manual_confirmation: isDestructive(plan),
        };
      } finally {
        tx.close();
        source.close();
      }
    });
  }

  async #finishing(id: string, upload: string, work: () => Promise<ConvexObject>): Promise<void> {
    await this.#telling(id, upload, work);
    rmSync(this.#path(upload), { force: true });
  }

  /** Writes what came of the work into the import's row. */
  async #telling(id: string, upload: string, work: () => Promise<ConvexObject>): Promise<void> {
    let state: ConvexObject;
    try {
      state = await work();
    } catch (error) {
      if (!(error instanceof ImportError)) this.#onInternalError(error);
      const reason =
        error instanceof ImportError
          ? error.message
          : "Your request couldn't be completed. Try again later.";
      state = { state: "failed", error_message: `Hit an error while importing:\n${reason}` };
      rmSync(this.#path(upload), { force: true });
    }
    await this.#database.write((tx) => tx.patch(APP, id, { state })).catch(this.#onInternalError);
  }

  async #leave(
    id: string,
    from: string,
    state: ConvexObject,
  ): Promise<{ upload: string; request: ImportRequest }> {
    return this.#database.write((tx) => {
      const row = tx.normalizeId(APP, IMPORTS_TABLE.name, id) === null ? null : tx.get(APP, id);
      const value = row?.value as
        { state: { state: string }; upload: string; request: ImportRequest } | undefined;
      if (value?.state.state !== from) {
        throw new HttpError(400, "ImportNotReady", "This import does not wait for confirmation.");
      }
      tx.patch(APP, id, { state });
      return { upload: value.upload, request: value.request };
    });
  }

  #open(upload: string, request: ImportRequest): Promise<ImportSource> | ImportSource {
    const path = this.#path(upload);
    if (!existsSync(path)) throw new ImportError("The uploaded file is gone: import it again.");
    if (request.format === "zip") return zipSource(path, request.componentPath);
    return tableSource(path, request.format, request.componentPath, request.tableName!);
  }

  #path(token: string): string {
    return join(this.#folder, token);
  }
}

/** Reads what the CLI says of an import. Throws an HttpError. */
export function asImportRequest(json: unknown): ImportRequest {
  const { mode, format, tableName, componentPath } = (json ?? {}) as Record<string, unknown>;
  if (!MODES.has(mode) || !FORMATS.has(format)) {
    throw new HttpError(400, "BadImport", "The import names no mode or format that there is.");
  }
  const isTable = typeof tableName === "string" && /^[A-Za-z]\w{0,63}$/.test(tableName);
  if (format !== "zip" && !isTable) {
    throw new HttpError(
      400,
      "InvalidName",
      `${JSON.stringify(tableName)} isn't a valid table name`,
    );
  }
  return {
    mode: mode as ImportMode,
    format: format as ImportRequest["format"],
    tableName: isTable ? tableName : null,
    componentPath: typeof componentPath === "string" ? componentPath : APP,
  };
}
