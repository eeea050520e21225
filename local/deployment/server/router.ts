import type { IncomingMessage, ServerResponse } from "node:http";
import { HttpError, sendJson } from "./http.ts";
import type { AdminKey } from "./admin-key.ts";

export type RouteHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
) => void | Promise<void>;

export interface Route {
  readonly method: "GET" | "POST";
  /** An exact path, or one that ends in a slash and a star and then takes whatever follows. */
  readonly path: string;
  readonly handler: RouteHandler;
  /** The caller must show the admin key before the handler sees the request. */
  readonly admin?: true;
}

/** Finds and calls the route of a request on the cloud origin, and answers for every failure. */
export class Router {
  readonly #exact = new Map<string, Route[]>();
  readonly #prefixes: { readonly prefix: string; readonly route: Route }[] = [];
  readonly #adminKey: AdminKey;
  readonly #onInternalError: (error: unknown) => void;

  constructor(
    routes: readonly Route[],
    adminKey: AdminKey,
    onInternalError: (error: unknown) => void,
  ) {
    this.#adminKey = adminKey;
    this.#onInternalError = onInternalError;
    for (const route of routes) this.#add(route);
  }

  #add(route: Route): void {
    if (route.path.endsWith("/*")) {
      this.#prefixes.push({ prefix: route.path.slice(0, -1), route });
      return;
    }
    const known = this.#exact.get(route.path);
    if (known === undefined) this.#exact.set(route.path, [route]);
    else known.push(route);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const url = requestUrl(request);
      if (url.pathname.startsWith("/api/")) allowCrossOrigin(request, response);
      if (request.method === "OPTIONS") {
        response.writeHead(204).end();
        return;
      }
      const route = this.#find(request.method ?? "GET", url.pathname);
      if (route.admin) this.#adminKey.demand(request.headers.authorization);
      await route.handler(request, response, url);
    } catch (error) {
      this.#answerFailure(request, response, error);
    }
  }

  #find(method: string, path: string): Route {
    const wanted = method === "HEAD" ? "GET" : method;
    const candidates =
      this.#exact.get(path) ??
      this.#prefixes.filter(({ prefix }) => path.startsWith(prefix)).map(({ route }) => route);
    const route = candidates.find((candidate) => candidate.method === wanted);
    if (route !== undefined) return route;
    if (candidates.length > 0) {
      throw new HttpError(405, "MethodNotAllowed", `${method} is not allowed here.`);
    }
    throw new HttpError(404, "NotFound", "This deployment has no such address.");
  }

  #answerFailure(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const known = error instanceof HttpError;
    if (!known && !request.destroyed) this.#onInternalError(error);
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    // What is left of a refused body is not read: the connection cannot be used again.
    if (!request.complete) response.setHeader("Connection", "close");
    if (known) sendJson(response, error.status, { code: error.code, message: error.message });
    else {
      const message = "Your request couldn't be completed. Try again later.";
      sendJson(response, 500, { code: "InternalServerError", message });
    }
  }
}

function requestUrl(request: IncomingMessage): URL {
  try {
    // The host does not matter for routing; a client may send anything as Host.
    return new URL(`http://deployment${request.url ?? "/"}`);
  } catch {
    throw new HttpError(400, "BadUrl", "The address of the request cannot be read.");
  }
}

/** Every page may call the API: identity travels in a header that the page sets, not in cookies. */
function allowCrossOrigin(request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  response.setHeader("Access-Control-Allow-Origin", origin);
  response.setHeader("Access-Control-Allow-Credentials", "true");
  response.setHeader("Vary", "Origin");
  if (request.method !== "OPTIONS") return;
  response.setHeader("Access-Control-Allow-Methods", "GET,POST,OPTIONS,PATCH,DELETE,PUT");
  response.setHeader(
    "Access-Control-Allow-Headers",
    request.headers["access-control-request-headers"] ?? "*",
  );
  response.setHeader("Access-Control-Max-Age", "86400");
}
