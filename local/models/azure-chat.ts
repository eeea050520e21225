import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { answerTokens } from "./answer.ts";
import { sendInvalidRequest, sendPromptFiltered, sendStatus } from "./azure-errors.ts";
import {
  finishFrame,
  promptFilterFrame,
  roleFrame,
  serverSentEvent,
  textFrame,
  usageFrame,
  wholeCompletion,
  type Completion,
  type FinishReason,
  type Usage,
} from "./azure-frames.ts";
import type { Call, CallLog } from "./calls.ts";
import { readDirectives, type Directives, type Fault } from "./directives.ts";
import { paced, untilAborted, type Pace } from "./pace.ts";
import { InvalidRequestError, lastQuestion, readChatRequest, type ChatRequest } from "./request.ts";
import { asksForTitle } from "./title.ts";
import { structuredText } from "./structured.ts";
import { countTokens, splitTokens } from "./tokens.ts";

const CHAT_PATH = /^\/deployments\/([^/]+)\/chat\/completions$/;
const REASONING_TOKENS: Readonly<Record<string, number>> = { low: 64, medium: 128, high: 448 };

/** Everything that the answer to one request needs. */
interface Turn {
  readonly call: Call;
  readonly request: ChatRequest;
  readonly response: ServerResponse;
  readonly completion: Completion;
  readonly tokens: readonly string[];
  readonly reasoningTokens: number;
  readonly fault: Fault | null;
  readonly pace: Pace;
  readonly signal: AbortSignal;
}

/** Azure OpenAI's chat completions, answered by the demonstration model. */
export class AzureChat {
  readonly #calls: CallLog;
  readonly #pace: Pace;

  constructor(calls: CallLog, pace: Pace) {
    this.#calls = calls;
    this.#pace = pace;
  }

  /**
   * Answers `pathname` (below `/openai`), or returns false for a path that is another's.
   * Ends when the answer has ended, however it did.
   */
  async handleRequest(
    request: IncomingMessage,
    response: ServerResponse,
    pathname: string,
  ): Promise<boolean> {
    const name = CHAT_PATH.exec(pathname)?.[1];
    if (name === undefined || request.method !== "POST") return false;
    const deployment = decoded(name);
    if (!hasKey(request)) sendStatus(response, 401);
    else if (deployment === null || !hasApiVersion(request)) sendStatus(response, 404);
    else await this.#chat(request, response, deployment);
    return true;
  }

  async #chat(
    request: IncomingMessage,
    response: ServerResponse,
    deployment: string,
  ): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    try {
      const turn = this.#open(await readChatRequest(request), response, deployment, gone.signal);
      await answer(turn);
      this.#calls.close(turn.call, outcomeOf(turn));
    } catch (error) {
      if (!(error instanceof InvalidRequestError)) throw error;
      sendInvalidRequest(response, error.message);
    }
  }

  #open(
    request: ChatRequest,
    response: ServerResponse,
    deployment: string,
    signal: AbortSignal,
  ): Turn {
    const { messages, stream } = request;
    const id = `chatcmpl-${randomUUID().replaceAll("-", "")}`;
    const call = this.#calls.open({ id, deployment, stream, messages });
    response.setHeader("apim-request-id", randomUUID());
    // A question that is only quoted to be given a title asks for nothing else.
    const question = asksForTitle(messages) ? "" : lastQuestion(messages);
    const directives = readDirectives(question);
    const isFaulty = this.#timesAsked(question) <= directives.faultTimes;
    return {
      call,
      request,
      response,
      completion: { id, model: deployment, created: Math.floor(Date.now() / 1000) },
      tokens: tokensFor(request, directives, isFaulty),
      reasoningTokens: REASONING_TOKENS[request.reasoningEffort] ?? 0,
      fault: isFaulty ? directives.fault : null,
      pace: {
        ...this.#pace,
        tokensPerSecond: directives.tokensPerSecond ?? this.#pace.tokensPerSecond,
      },
      signal,
    };
  }

  /** How many calls ended in this same question, the newest included. */
  #timesAsked(question: string): number {
    return this.#calls.list().filter(({ messages }) => lastQuestion(messages) === question).length;
  }
}

function tokensFor(
  { messages, responseSchema }: ChatRequest,
  { length, fault }: Directives,
  isFaulty: boolean,
): readonly string[] {
  if (responseSchema === null) return answerTokens(messages, length);
  const tokens = splitTokens(structuredText(messages, responseSchema));
  const isMalformed = isFaulty && fault?.kind === "malformed";
  return isMalformed ? tokens.slice(0, Math.ceil(tokens.length / 2)) : tokens;
}

async function answer(turn: Turn): Promise<void> {
  const { fault, response, request } = turn;
  if (fault?.kind === "status") return sendStatus(response, fault.status);
  if (fault?.kind === "prompt-filtered") return sendPromptFiltered(response);
  return request.stream ? streamAnswer(turn) : wholeAnswer(turn);
}

function outcomeOf({ call, fault }: Turn): "finished" | "aborted" | "failed" {
  if (call.finishReason !== null) return "finished";
  return fault === null || fault.kind === "stall" ? "aborted" : "failed";
}

async function streamAnswer(turn: Turn): Promise<void> {
  const { call, completion, request, response, signal } = turn;
  const send = (data: object | "[DONE]"): void => {
    response.write(serverSentEvent(data));
  };
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  send(promptFilterFrame());
  send(roleFrame(completion));
  const end = await sayTokens(turn, (token) => send(textFrame(completion, token)));
  if (end === "cut") response.destroy();
  if (end === "stall") await untilAborted(signal);
  if (signal.aborted || end === "cut" || end === "stall") return;
  call.finishReason = end;
  send(finishFrame(completion, end));
  if (request.includeUsage) send(usageFrame(completion, usageOf(turn)));
  send("[DONE]");
  response.end();
}

async function wholeAnswer(turn: Turn): Promise<void> {
  const { call, completion, response, signal } = turn;
  const end = await sayTokens(turn, () => {});
  if (end === "cut") response.destroy();
  if (end === "stall") await untilAborted(signal);
  if (signal.aborted || end === "cut" || end === "stall") return;
  call.finishReason = end;
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(wholeCompletion(completion, call.text, end, usageOf(turn))));
}

/** Hands each token over when it is due, and tells what ended the answer. */
async function sayTokens(
  turn: Turn,
  say: (token: string) => void,
): Promise<FinishReason | "cut" | "stall"> {
  const { call, fault, pace, request, signal, tokens } = turn;
  const room = (request.maxCompletionTokens ?? Infinity) - turn.reasoningTokens;
  const until = fault && "afterTokens" in fault ? fault.afterTokens : Infinity;
  const said = tokens.slice(0, Math.max(0, Math.min(room, until)));
  for await (const token of paced(said, pace, signal)) {
    say(token);
    call.sentAt.push(Date.now());
    call.tokens.push(token);
    call.text += token;
  }
  if (fault && "afterTokens" in fault) {
    return fault.kind === "answer-filtered" ? "content_filter" : fault.kind;
  }
  return said.length < tokens.length ? "length" : "stop";
}

function usageOf({ call, request, reasoningTokens }: Turn): Usage {
  const prompt = request.messages.reduce((sum, { content }) => sum + countTokens(content) + 4, 3);
  return { prompt, reasoning: reasoningTokens, text: call.sentAt.length };
}

/** A part of a path as it was meant; `null` when it cannot be read. */
function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

function hasKey({ headers }: IncomingMessage): boolean {
  return Boolean(headers["api-key"]) || Boolean(headers.authorization?.startsWith("Bearer "));
}

function hasApiVersion({ url }: IncomingMessage): boolean {
  return URL.parse(url ?? "/", "http://localhost")?.searchParams.has("api-version") ?? false;
}
