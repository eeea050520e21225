import type { IncomingMessage } from "node:http";

const MAX_BODY_BYTES = 8 * 1024 * 1024;

export type Role = "system" | "developer" | "user" | "assistant" | "tool";

/** One message of the request, its content parts joined to plain text. */
export interface RequestMessage {
  readonly role: Role;
  readonly content: string;
}

/** What the server uses of a chat completions request. */
export interface ChatRequest {
  readonly messages: readonly RequestMessage[];
  readonly stream: boolean;
  readonly includeUsage: boolean;
  /** Hidden reasoning and visible text together may not count for more; null when unset. */
  readonly maxCompletionTokens: number | null;
  readonly reasoningEffort: string;
  /** The JSON schema that the answer has to follow; null for an answer in words. */
  readonly responseSchema: Readonly<Record<string, unknown>> | null;
}

/** A request that the service would refuse with status 400; the message says why. */
export class InvalidRequestError extends Error {}

const ROLES: ReadonlySet<string> = new Set(["system", "developer", "user", "assistant", "tool"]);

/**
 * Reads and checks the body of a chat completions request.
 * @throws InvalidRequestError when it is no JSON, too large, or has no messages.
 */
export async function readChatRequest(request: IncomingMessage): Promise<ChatRequest> {
  const body = parseObject(await readBody(request));
  if (!Array.isArray(body.messages) || body.messages.length === 0) {
    throw new InvalidRequestError("'messages' is a required property.");
  }
  const streamOptions = asObject(body.stream_options);
  return {
    messages: body.messages.map(readMessage),
    stream: body.stream === true,
    includeUsage: streamOptions.include_usage === true,
    maxCompletionTokens:
      typeof body.max_completion_tokens === "number" ? body.max_completion_tokens : null,
    reasoningEffort: typeof body.reasoning_effort === "string" ? body.reasoning_effort : "medium",
    responseSchema: readSchema(asObject(body.response_format)),
  };
}

function readSchema(format: Record<string, unknown>): ChatRequest["responseSchema"] {
  if (format.type !== "json_schema") return null;
  const { name, schema } = asObject(format.json_schema);
  if (typeof name !== "string" || typeof schema !== "object" || schema === null) {
    throw new InvalidRequestError("'response_format.json_schema' needs a name and a schema.");
  }
  return asObject(schema);
}

/** The newest thing that the person said; empty when there is none. */
export function lastQuestion(messages: readonly RequestMessage[]): string {
  return messages.findLast(({ role }) => role === "user")?.content ?? "";
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_BODY_BYTES) throw new InvalidRequestError("The request body is too large.");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return asObject(JSON.parse(text));
  } catch {
    throw new InvalidRequestError("The request body is not valid JSON.");
  }
}

function readMessage(value: unknown): RequestMessage {
  const { role, content } = asObject(value);
  if (typeof role !== "string" || !ROLES.has(role)) {
    throw new InvalidRequestError(`Invalid value: '${String(role)}' for a message's role.`);
  }
  return { role: role as Role, content: plainText(content) };
}

function plainText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((part) => asObject(part).text)
    .filter((text) => typeof text === "string")
    .join("\n");
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
