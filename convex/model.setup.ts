import { vi } from "vitest";
import { api } from "./_generated/api";
import type { Person } from "./test.setup";

/** What the stand-in for Azure was sent. */
export interface ModelCall {
  readonly url: string;
  readonly body: {
    messages: { role: string; content: string }[];
    [field: string]: unknown;
  };
  readonly signal: AbortSignal | undefined;
}

type Answer = (call: ModelCall) => Response;

/**
 * Points the functions at a stand-in for Azure that answers each call with the next of `answers`,
 * and the last of them from then on. It refuses to write titles, and does not count being asked.
 * Undone by `vi.unstubAllGlobals` and `vi.unstubAllEnvs`.
 */
export function stubModel(...answers: Answer[]): ModelCall[] {
  const calls: ModelCall[] = [];
  stubAzure((call) => {
    if (asksForTitle(call)) return refused(400, "no_titles");
    calls.push(call);
    return answers[Math.min(calls.length, answers.length) - 1];
  });
  return calls;
}

/** The same, but every answer is `Yes`, and the calls that count are those for a title. */
export function stubTitles(...answers: Answer[]): ModelCall[] {
  const calls: ModelCall[] = [];
  stubAzure((call) => {
    if (!asksForTitle(call)) return streamed(wholeAnswer("Yes"));
    calls.push(call);
    return answers[Math.min(calls.length, answers.length) - 1];
  });
  return calls;
}

const { sendChatMessage } = api.chat.messages;
let keys = 0;

/** Asks as that person, and has the answer written. */
export async function ask(
  person: Person,
  content: string,
  more: Partial<typeof sendChatMessage._args> = {},
) {
  const args = { content, clientKey: `key ${++keys}`, ...more };
  const turn = await person.as.mutation(sendChatMessage, args);
  await person.as.action(api.chat.generation.generateReply, { messageId: turn.answerId });
  return turn;
}

function asksForTitle({ body }: ModelCall): boolean {
  return body.messages[0]?.content.startsWith("Write a title") ?? false;
}

function stubAzure(answerTo: (call: ModelCall) => Answer | undefined): void {
  vi.stubEnv("AZURE_OPENAI_ENDPOINT", "https://models.test");
  vi.stubEnv("AZURE_OPENAI_KEY", "key");
  vi.stubEnv("AZURE_OPENAI_DEPLOYMENT", "o4-mini");
  vi.stubGlobal("fetch", async (url: string | URL, init: RequestInit = {}) => {
    const call = {
      url: String(url),
      body: JSON.parse(String(init.body)) as ModelCall["body"],
      signal: init.signal ?? undefined,
    };
    const answer = answerTo(call);
    if (answer === undefined) throw new TypeError("fetch failed");
    return answer(call);
  });
}

/** The frames of a whole answer as Azure sends them: filter results, words, the end, usage. */
export function wholeAnswer(...words: string[]): object[] {
  return [
    { choices: [], prompt_filter_results: [{ prompt_index: 0 }] },
    ...words.map(textFrame),
    endFrame("stop"),
    USAGE_FRAME,
  ];
}

export function textFrame(content: string): object {
  return { choices: [{ index: 0, delta: { content }, finish_reason: null }] };
}

export function endFrame(reason: string): object {
  return { choices: [{ index: 0, delta: {}, finish_reason: reason }] };
}

export const USAGE_FRAME = {
  choices: [],
  usage: {
    prompt_tokens: 20,
    completion_tokens: 12,
    completion_tokens_details: { reasoning_tokens: 7 },
  },
};

/** A stream of frames: then `[DONE]`, a cut in the connection, or silence until it is aborted. */
export function streamed(
  frames: object[],
  then: "done" | "cut" | "close" | "silence" = "done",
): Answer {
  return ({ signal }) => {
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const frame of frames) {
          controller.enqueue(encoder.encode(`data: ${JSON.stringify(frame)}\n\n`));
        }
        if (then === "done") controller.enqueue(encoder.encode("data: [DONE]\n\n"));
        if (then === "done" || then === "close") controller.close();
        signal?.addEventListener("abort", () => {
          if (then === "silence") controller.error(new DOMException("aborted", "AbortError"));
        });
      },
      pull(controller) {
        if (then === "cut") controller.error(new TypeError("terminated"));
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
}

/** A refusal with Azure's error body. */
export function refused(status: number, code: string): Answer {
  return () =>
    Response.json(
      { error: { code, message: `refused: ${code}` } },
      { status, headers: { "retry-after-ms": "1" } },
    );
}
