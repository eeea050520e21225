import { APIConnectionError, APIError, APIUserAbortError, AzureOpenAI } from "openai";
import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import { WholeCharacters } from "../lib/characters";
import { SECOND_MS } from "../lib/time";
import { followPatiently } from "./patience";
import {
  ModelFailure,
  type ModelFailureCode,
  type ModelProvider,
  type ModelRequest,
  type ModelUsage,
  type ReplyEvent,
} from "./provider";

export interface AzureSettings {
  readonly endpoint: string;
  readonly apiKey: string;
  readonly deployment: string;
  readonly apiVersion: string;
  /** The longest silence in the middle of an answer, in milliseconds. */
  readonly stallTimeoutMs: number;
}

/** Text and hidden reasoning together: a smaller limit can be used up before the first word. */
const MAX_COMPLETION_TOKENS = 32_768;
/** A reasoning model says nothing while it thinks, so the first word may take this much longer. */
const FIRST_TEXT_PATIENCE = 4;
/** What comes after an answer's end is only counts. */
const AFTER_END_PATIENCE_MS = 2 * SECOND_MS;
/** How much of an error is told to the log: an answer may be a whole page of somebody else's. */
const LOGGED_CHARACTERS = 500;

/** An o-series deployment of Azure OpenAI, over chat completions. */
export function azureProvider(settings: AzureSettings): ModelProvider {
  return { streamReply: (request, signal) => streamReply(settings, request, signal) };
}

async function* streamReply(
  settings: AzureSettings,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ReplyEvent> {
  const characters = new WholeCharacters();
  let anyText = false;
  let isRefused = false;
  let end: ReplyEvent | null = null;
  const patience = () => {
    if (end !== null) return Math.min(AFTER_END_PATIENCE_MS, settings.stallTimeoutMs);
    return settings.stallTimeoutMs * (anyText ? 1 : FIRST_TEXT_PATIENCE);
  };
  try {
    const open = (callSignal: AbortSignal) => openCall(settings, request, callSignal);
    for await (const chunk of followPatiently(open, signal, patience)) {
      // Azure sends chunks without choices: filter results first, usage last.
      const choice = chunk.choices[0];
      const text = characters.add(choice?.delta?.content ?? "");
      if (text !== "") {
        anyText = true;
        yield { kind: "text", text };
      }
      // A model that is to keep to a schema says no beside it.
      if (choice?.delta?.refusal) isRefused = true;
      const usage = chunk.usage ? usageOf(chunk.usage) : null;
      if (usage !== null) yield { kind: "usage", usage };
      if (choice?.finish_reason) end = endOf(isRefused ? "content_filter" : choice.finish_reason);
    }
  } catch (error) {
    if (signal.aborted) return;
    // Once the model has said that it is done, nothing takes the answer away.
    if (end === null) throw failureOf(error, anyText, settings.apiKey);
  }
  if (signal.aborted) return;
  // A connection that is cut can look like a stream that ended.
  if (end === null) throw new ModelFailure("CUT_OFF", "the stream ended without a finish_reason");
  yield end;
}

async function openCall(settings: AzureSettings, request: ModelRequest, signal: AbortSignal) {
  const client = new AzureOpenAI({
    endpoint: settings.endpoint,
    apiKey: settings.apiKey,
    apiVersion: settings.apiVersion,
    deployment: settings.deployment,
    // Only until the answer starts; after that a retry would write it twice.
    maxRetries: 1,
    // Our own patience decides.
    timeout: settings.stallTimeoutMs * FIRST_TEXT_PATIENCE,
  });
  const call = client.chat.completions.create(
    {
      model: settings.deployment,
      // The o-series takes `developer` for `system`, `max_completion_tokens` for `max_tokens`,
      // and refuses a temperature.
      messages: [{ role: "developer", content: request.instructions }, ...request.messages],
      max_completion_tokens: MAX_COMPLETION_TOKENS,
      stream: true,
      stream_options: { include_usage: true },
      ...(request.format === undefined
        ? {}
        : {
            response_format: {
              type: "json_schema" as const,
              json_schema: { ...request.format, strict: true },
            },
          }),
    },
    { signal },
  );
  const { data, response } = await call.withResponse();
  const type = response.headers.get("content-type") ?? "";
  // Whatever answers at that address, it is no model.
  if (/html|json/.test(type)) throw new ModelFailure("NOT_CONFIGURED", `the answer is ${type}`);
  return data;
}

/** `null` when the counts are none: an answer is not to fail for them. */
function usageOf(usage: NonNullable<ChatCompletionChunk["usage"]>): ModelUsage | null {
  const counts = {
    prompt: usage.prompt_tokens,
    completion: usage.completion_tokens,
    reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
  };
  return Object.values(counts).every((count) => Number.isSafeInteger(count)) ? counts : null;
}

function endOf(reason: string): ReplyEvent {
  if (reason === "length") return { kind: "end", reason: "length-limit" };
  if (reason === "content_filter") return { kind: "end", reason: "content-filter" };
  return { kind: "end", reason: "done" };
}

/** What the service says may name the key; the log is not to. */
function failureOf(error: unknown, anyText: boolean, apiKey: string): ModelFailure {
  if (error instanceof ModelFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  const told = message.replaceAll(apiKey, "[key]").slice(0, LOGGED_CHARACTERS);
  return new ModelFailure(codeOf(error, anyText), `Azure OpenAI: ${told}`);
}

function codeOf(error: unknown, anyText: boolean): ModelFailureCode {
  const code = refusalOf(error);
  return anyText && code !== "CONTENT_FILTERED" ? "CUT_OFF" : code;
}

/** By what the service calls it, with the status or in the middle of a stream. */
const BY_CODE: ReadonlyMap<unknown, ModelFailureCode> = new Map<unknown, ModelFailureCode>([
  ["content_filter", "CONTENT_FILTERED"],
  // How a reasoning model has a question refused.
  ["invalid_prompt", "CONTENT_FILTERED"],
  ["context_length_exceeded", "TOO_LONG"],
  ["string_above_max_length", "TOO_LONG"],
  ["429", "RATE_LIMITED"],
  ["rate_limit_exceeded", "RATE_LIMITED"],
  // The deployment's model takes other calls than the o-series.
  ["unsupported_parameter", "NOT_CONFIGURED"],
  ["unsupported_value", "NOT_CONFIGURED"],
  ["OperationNotSupported", "NOT_CONFIGURED"],
]);

const BY_STATUS: ReadonlyMap<number, ModelFailureCode> = new Map<number, ModelFailureCode>([
  [401, "NOT_CONFIGURED"],
  [403, "NOT_CONFIGURED"],
  [404, "NOT_CONFIGURED"],
  [408, "PROVIDER_DOWN"],
  [409, "PROVIDER_DOWN"],
  [413, "TOO_LONG"],
  [424, "PROVIDER_DOWN"],
  [429, "RATE_LIMITED"],
]);

function refusalOf(error: unknown): ModelFailureCode {
  if (error instanceof APIUserAbortError) return "CUT_OFF";
  if (error instanceof APIConnectionError || !(error instanceof APIError)) return "PROVIDER_DOWN";
  const { code, param, status } = error;
  const known = BY_CODE.get(code) ?? (status === undefined ? undefined : BY_STATUS.get(status));
  if (known !== undefined) return known;
  if (status === undefined || status >= 500) return "PROVIDER_DOWN";
  // A redirect leads to another address than the one that is set; a parameter is set by us.
  const isOfSettings = status < 400 || (param && !param.startsWith("messages"));
  return isOfSettings ? "NOT_CONFIGURED" : "UNEXPECTED";
}
