import type { IncomingMessage, ServerResponse } from "node:http";
import type { Identity } from "../functions/call.ts";
import type { FunctionRunner } from "../functions/runner.ts";
import type { Authenticator } from "../identity/authenticator.ts";
import { HttpError, readBody, sendJson } from "./http.ts";

const MAX_BODY_BYTES = 20 * 1024 * 1024;
const BODILESS = new Set(["GET", "HEAD", "OPTIONS"]);
/** Those that Convex routes, and HEAD, which is answered as GET is. */
const METHODS = new Set([...BODILESS, "POST", "PUT", "PATCH", "DELETE"]);

interface Services {
  readonly runner: FunctionRunner;
  readonly authenticator: Authenticator;
  /** The public origin, which the functions see in the request's address. */
  readonly siteOrigin: string;
  onInternalError(error: unknown): void;
}

/**
 * The site origin: every request goes to the app's HTTP actions, whose answer is streamed back.
 *
 * @param path the address without the origin, as the functions shall see it.
 */
export async function serveSite(
  services: Services,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const departure = new AbortController();
  response.on("close", () => departure.abort());
  try {
    const [asked, identity] = await Promise.all([
      webRequest(services.siteOrigin, path, request, departure.signal),
      identify(services.authenticator, request),
    ]);
    await sendResponse(await services.runner.runHttpAction(asked, identity), request, response);
  } catch (error) {
    if (departure.signal.aborted) return;
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (error instanceof HttpError) {
      response.setHeader("Connection", "close");
      sendJson(response, error.status, { code: error.code, message: error.message });
      return;
    }
    services.onInternalError(error);
    sendJson(response, 500, { code: "InternalServerError", message: "The request failed." });
  }
}

/** An Authorization header that is none of ours is the app's own affair: nobody is signed in. */
async function identify(
  authenticator: Authenticator,
  request: IncomingMessage,
): Promise<Identity | null> {
  try {
    return (await authenticator.fromHeader(request.headers.authorization)).identity;
  } catch {
    return null;
  }
}

async function webRequest(
  origin: string,
  path: string,
  request: IncomingMessage,
  signal: AbortSignal,
): Promise<Request> {
  const method = request.method ?? "GET";
  if (!path.startsWith("/") || !URL.canParse(origin + path)) {
    throw new HttpError(400, "BadUrl", "The address is not valid.");
  }
  if (!METHODS.has(method)) {
    throw new HttpError(405, "MethodNotAllowed", `There is no answer to ${method}.`);
  }
  const headers = new Headers();
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    headers.append(request.rawHeaders[i]!, request.rawHeaders[i + 1]!);
  }
  const body = BODILESS.has(method) ? null : await readBody(request, MAX_BODY_BYTES);
  const init: RequestInit = { method, headers, signal };
  if (body !== null && body.length > 0) init.body = new Uint8Array(body);
  return new Request(origin + path, init);
}

async function sendResponse(
  answer: Response,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of answer.headers) {
    if (name !== "set-cookie") response.setHeader(name, value);
  }
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) response.setHeader("Set-Cookie", cookies);
  response.writeHead(answer.status);
  if (answer.body === null || request.method === "HEAD") {
    await answer.body?.cancel();
    response.end();
    return;
  }
  await pump(answer.body, response);
}

/** At the reader's pace; ends the function's stream when the reader is gone. */
async function pump(body: ReadableStream<Uint8Array>, response: ServerResponse): Promise<void> {
  const reader = body.getReader();
  response.on("close", () => void reader.cancel().catch(() => {}));
  response.flushHeaders();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!response.write(value)) await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      response.off("drain", go);
      response.off("close", go);
      resolve();
    };
    response.on("drain", go);
    response.on("close", go);
  });
}
