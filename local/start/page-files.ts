import { readdirSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { lookup } from "mrmime";
import send from "send";

/** How a file can be packed, the smallest first: the name of the encoding, and how its file ends. */
const PACKINGS = [
  ["br", ".br"],
  ["gzip", ".gz"],
] as const;

/** Answers with a file, or calls `onNone` when there is no such file. */
type SendFile = (
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  onNone: () => void,
) => void;

/** The files of the built page, each packed as the browser takes it where the build has packed it. */
export function pageFiles(folder: string): SendFile {
  const files = new Set(
    readdirSync(folder, { recursive: true }).map((file) => join("/", String(file))),
  );
  return (request, response, pathname, onNone) => {
    const accepted = String(request.headers["accept-encoding"] ?? "").split(/[\s,;]+/);
    const packing = PACKINGS.find(
      ([name, ending]) => accepted.includes(name) && files.has(pathname + ending),
    );
    const path = pathname + (packing?.[1] ?? "");
    send(request, path, { root: folder, index: false, cacheControl: false, acceptRanges: false })
      .on("headers", () => {
        if (packing !== undefined) response.setHeader("content-encoding", packing[0]);
        if (pathname.startsWith("/assets/")) {
          response.setHeader("cache-control", "public, max-age=31536000, immutable");
        }
        response.setHeader("vary", "accept-encoding");
        response.setHeader("content-type", lookup(pathname) ?? "application/octet-stream");
        response.setHeader("x-content-type-options", "nosniff");
      })
      .on("directory", onNone)
      .on("error", (error: { readonly status: number }) => {
        // The build may have been made anew meanwhile.
        if (response.headersSent) return void response.destroy();
        for (const name of response.getHeaderNames()) response.removeHeader(name);
        if (error.status < 500) return onNone();
        response.writeHead(error.status, { "content-type": "text/plain; charset=utf-8" });
        response.end("This file cannot be read right now.");
      })
      .pipe(response);
  };
}
