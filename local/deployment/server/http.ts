import type { IncomingMessage, ServerResponse } from "node:http";
import { parseUnicodeJson } from "../values/unicode-json.ts";

/** What a route throws to answer with a status and Convex's `{code, message}` body. */
export class HttpError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Answers with JSON text that is already serialised, so that results are never parsed again. */
export function sendJsonText(response: ServerResponse, status: number, text: string): void {
  const bytes = Buffer.from(text);
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": bytes.length,
  });
  response.end(bytes);
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  sendJsonText(response, status, JSON.stringify(value));
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" });
  response.end(text);
}

/**
 * The whole body of a request.
 *
 * @param limit in bytes; a longer body is refused with 413 as soon as that is known.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const tooLarge = () =>
    new HttpError(413, "BodyTooLarge", `The request body is larger than ${limit} bytes.`);
  if (Number(request.headers["content-length"] ?? 0) > limit) throw tooLarge();
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > limit) throw tooLarge();
    pieces.push(piece);
  }
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, length);
}

/** The body as a JSON object; anything else is the caller's mistake (400). */
export async function readJsonObject(
  request: IncomingMessage,
  limit: number,
): Promise<Record<string, unknown>> {
  return asJsonObject((await readBody(request, limit)).toString("utf8"));
}

export function asJsonObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseUnicodeJson(text);
  } catch {
    throw new HttpError(400, "BadJsonBody", "The request body is not valid JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new HttpError(400, "BadJsonBody", "The request body must be a JSON object.");
  }
  return value as Record<string, unknown>;
}
