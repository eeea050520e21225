import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { createProxyServer } from "httpxy";
import { DIST } from "./build.ts";
import type { Options } from "./options.ts";
import { pageFiles } from "./page-files.ts";
import { reachable } from "./variables.ts";

/** The place in index.html that holds the deployment's address; Vite fills it in a hosted build. */
const ADDRESS_PLACE = "%VITE_CONVEX_URL%";

/**
 * Serves the built page, and is the one door for a reverse proxy: what belongs to the deployment
 * (`/api/`, the token keys, webhooks) is passed on to it, sockets included.
 */
export function createWebServer(root: string, options: Options, convexUrl: string): Server {
  const page = renderPage(readFileSync(join(root, DIST, "index.html"), "utf8"), convexUrl);
  const sendFile = pageFiles(join(root, DIST));
  const gateway = createGateway(options);
  const server = createServer((request, response) => {
    if (gateway.passOn(request, response)) return;
    const pathname = pathOf(request.url ?? "/");
    const rest = () => sendRest(page, pathname, request, response);
    if (pathname === "/" || pathname === "/index.html") return sendPage(page, request, response);
    if (request.method !== "GET" && request.method !== "HEAD") return rest();
    sendFile(request, response, pathname, rest);
  });
  server.on("upgrade", (request, socket, head) => gateway.upgrade(request, socket, head));
  return server;
}

/** Anything can stand in a request's first line, a whole address too. */
function pathOf(target: string): string {
  const path = target.startsWith("/") ? target : (URL.parse(target)?.pathname ?? "/");
  return path.split("?", 1)[0]!;
}

interface Page {
  readonly html: string;
  readonly policy: string;
  /** The page as it is sent, by the name of its encoding, the smallest first. */
  readonly packed: Readonly<Record<"br" | "gzip", Buffer>>;
}

/** Fills in the deployment's address and names every source that the page may load from. */
export function renderPage(template: string, convexUrl: string): Page {
  const html = template.replaceAll(ADDRESS_PLACE, convexUrl);
  const inline = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, code]) => `'sha256-${createHash("sha256").update(code!).digest("base64")}'`,
  );
  const deployment = `${convexUrl} ${convexUrl.replace(/^http/, "ws")}`;
  const policy = [
    "default-src 'self'",
    `script-src 'self' ${inline.join(" ")}`.trimEnd(),
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob: https: ${convexUrl}`,
    "font-src 'self' data:",
    `connect-src 'self' ${deployment}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
  return { html, policy, packed: { br: brotliCompressSync(html), gzip: gzipSync(html) } };
}

function sendPage(
  { html, policy, packed }: Page,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const accepted = String(request.headers["accept-encoding"] ?? "").split(/[\s,;]+/);
  const encoding = (["br", "gzip"] as const).find((name) => accepted.includes(name));
  response.writeHead(200, {
    ...(encoding === undefined ? {} : { "content-encoding": encoding }),
    vary: "accept-encoding",
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-cache",
    "content-security-policy": policy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
  });
  const body = encoding === undefined ? html : packed[encoding];
  response.end(request.method === "HEAD" ? undefined : body);
}

/** Every address that is no file is the page's own to route, except one that names a file. */
function sendRest(
  page: Page,
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const wantsPage = request.method === "GET" || request.method === "HEAD";
  if (wantsPage && !pathname.startsWith("/assets/")) return sendPage(page, request, response);
  response.writeHead(wantsPage ? 404 : 405, { "content-type": "text/plain; charset=utf-8" });
  response.end(wantsPage ? "Not found" : "Method not allowed");
}

function createGateway({ host, convexPort, convexSitePort }: Options) {
  const proxy = createProxyServer({ xfwd: true });
  const cloud = `http://${reachable(host)}:${convexPort}`;
  const site = `http://${reachable(host)}:${convexSitePort}`;
  const targetOf = (path: string): string | null => {
    if (/^\/(api\/auth|\.well-known|webhooks)\//.test(path)) return site;
    return path.startsWith("/api/") ? cloud : null;
  };
  return {
    passOn(request: IncomingMessage, response: ServerResponse): boolean {
      const target = targetOf(request.url ?? "/");
      if (target === null) return false;
      proxy.web(request, response, { target }).catch(() => {
        if (!response.headersSent) response.writeHead(502, { "content-type": "text/plain" });
        response.end("The deployment is not reachable right now.");
      });
      return true;
    },
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
      const target = targetOf(request.url ?? "/");
      if (target === null) return void socket.destroy();
      proxy.ws(request, socket as never, { target }, head).catch(() => socket.destroy());
    },
  };
}
