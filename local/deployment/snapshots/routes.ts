import { createReadStream, statSync } from "node:fs";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { HttpError, readJsonObject, sendJson } from "../server/http.ts";
import type { Route, RouteHandler } from "../server/router.ts";
import type { Exports } from "./exports.ts";
import { asImportRequest, type Imports } from "./imports.ts";

const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** `npx convex export` and `import`. */
export function snapshotRoutes(exports: Exports, imports: Imports): Route[] {
  return [
    post("export/request/zip", async (_request, response, url) => {
      await exports.request(url.searchParams.get("includeStorage") === "true");
      response.writeHead(200).end();
    }),
    {
      method: "GET",
      path: "/api/export/zip/*",
      admin: true,
      handler: async (_request, response, url) => {
        const ts = url.pathname.split("/").at(-1)!;
        const path = /^\d{1,20}$/.test(ts) ? exports.path(BigInt(ts)) : null;
        const size = path && statSync(path, { throwIfNoEntry: false })?.size;
        if (!path || size == null) {
          throw new HttpError(404, "SnapshotNotFound", "There is no such export any more.");
        }
        response.writeHead(200, {
          "Content-Type": "application/zip",
          "Content-Length": size,
          "Content-Disposition": `attachment; filename=${basename(path)}`,
        });
        await pipeline(createReadStream(path), response);
      },
    },
    post("import/start_upload", (_request, response) =>
      sendJson(response, 200, { uploadToken: imports.startUpload() }),
    ),
    post("import/upload_part", async (request, response, url) => {
      const part = Number(url.searchParams.get("partNumber"));
      await imports.addPart(url.searchParams.get("uploadToken") ?? "", part, request);
      sendJson(response, 200, String(part));
    }),
    post("import/finish_upload", async (request, response) => {
      const body = await readJsonObject(request, MAX_BODY_BYTES);
      const wanted = asImportRequest(body["import"]);
      const importId = await imports.finishUpload(String(body["uploadToken"]), wanted);
      sendJson(response, 200, { importId });
    }),
    post("perform_import", async (request, response) => {
      const { importId } = await readJsonObject(request, MAX_BODY_BYTES);
      await imports.perform(String(importId));
      sendJson(response, 200, {});
    }),
    post("cancel_import", async (request, response) => {
      const { importId } = await readJsonObject(request, MAX_BODY_BYTES);
      await imports.cancel(String(importId));
      sendJson(response, 200, {});
    }),
  ];
}

function post(path: string, handler: RouteHandler): Route {
  return { method: "POST", path: `/api/${path}`, admin: true, handler };
}
