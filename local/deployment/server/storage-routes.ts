import { createReadStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { type FileStorage, isFileUuid, type SavedFile } from "../files/file-storage.ts";
import { STORAGE_TABLE } from "../files/tables.ts";
import { readDurable, readRows } from "../system-rows.ts";
import type { Database } from "../transaction/database.ts";
import { HttpError, sendJson } from "./http.ts";
import type { Route } from "./router.ts";

/** Upload and download of stored files. A file's uuid is its secret: no other key is asked for. */
export function storageRoutes(database: Database, files: FileStorage): Route[] {
  return [
    {
      method: "POST",
      path: "/api/storage/upload",
      handler: async (request, response, url) => {
        if (!files.isUploadToken(url.searchParams.get("token") ?? "")) {
          throw new HttpError(403, "InvalidStorageToken", "The upload address has expired.");
        }
        const saved = await files.save(request as AsyncIterable<Uint8Array>);
        checkDigest(request, saved);
        const storageId = await addRow(database, saved, request.headers["content-type"]);
        sendJson(response, 200, { storageId });
      },
    },
    {
      method: "GET",
      path: "/api/storage/*",
      handler: (request, response, url) =>
        serveFile({ database, files }, url.pathname.split("/").at(-1)!, request, response),
    },
  ];
}

function checkDigest(request: IncomingMessage, { sha256 }: SavedFile): void {
  const digest = [request.headers["digest"]].flat()[0];
  const wanted = digest?.match(/^sha-256=(.+)$/i)?.[1];
  if (wanted === undefined || Buffer.from(wanted, "base64").toString("hex") === sha256) return;
  throw new HttpError(400, "DigestMismatch", "The file that arrived is not the one announced.");
}

/** What was stored without a row, because its digest was wrong, is swept away later. */
async function addRow(
  database: Database,
  { uuid, sha256, size }: SavedFile,
  contentType: string | undefined,
): Promise<string> {
  const row = { uuid, sha256, size, ...(contentType !== undefined && { contentType }) };
  return await database.write((tx) => tx.insert("", STORAGE_TABLE.name, row));
}

interface StoredFile {
  readonly sha256: string;
  readonly size: number;
  readonly contentType?: string;
}

/** Null when there is no row: the file was never stored, or has been deleted. */
export function findFile(database: Database, uuid: string): StoredFile | null {
  const range = [{ type: "Eq", fieldPath: "uuid", value: uuid }] as const;
  const rows = readDurable(database, (tx) => readRows(tx, "_storage.by_uuid", range, 1));
  return (rows[0]?.value as unknown as StoredFile | undefined) ?? null;
}

async function serveFile(
  { database, files }: { database: Database; files: FileStorage },
  uuid: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const file = isFileUuid(uuid) ? findFile(database, uuid) : null;
  if (file === null) throw new HttpError(404, "FileNotFound", "There is no such file.");
  response.setHeader("Accept-Ranges", "bytes");
  response.setHeader("Cache-Control", "private, max-age=2592000");
  response.setHeader("Content-Type", file.contentType ?? "application/octet-stream");
  response.setHeader("Digest", `sha-256=${Buffer.from(file.sha256, "hex").toString("base64")}`);
  const range = parseRange(request.headers.range, file.size);
  if (range === "unsatisfiable") {
    response.writeHead(416, { "Content-Range": `bytes */${file.size}` }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: file.size - 1 };
  response.setHeader("Content-Length", end - start + 1);
  if (range !== null) response.setHeader("Content-Range", `bytes ${start}-${end}/${file.size}`);
  response.writeHead(range === null ? 200 : 206);
  if (request.method === "HEAD" || file.size === 0) response.end();
  else await send(files.path(uuid), start, end, response);
}

async function send(
  path: string,
  start: number,
  end: number,
  response: ServerResponse,
): Promise<void> {
  try {
    await pipeline(createReadStream(path, { start, end }), response);
  } catch (error) {
    // The reader hung up.
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}

/** One range of bytes, both ends included; null when the whole is wanted. */
function parseRange(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | "unsatisfiable" | null {
  const [, first, last] = header?.match(/^bytes=(\d*)-(\d*)$/) ?? [];
  if (first === undefined || last === undefined || first + last === "") return null;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (start > end) return start >= size || first === "" ? "unsatisfiable" : null;
  return { start, end };
}
