import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { AzureOpenAI } from "openai";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Call } from "./calls.ts";
import { startModelServer, type ModelServer } from "./server.ts";

let server: ModelServer;
let client: AzureOpenAI;

beforeAll(async () => {
  server = await startModelServer(0, { firstTokenMs: 20, tokensPerSecond: 500 });
  client = new AzureOpenAI({
    endpoint: server.url,
    apiKey: "any",
    apiVersion: "2025-04-01-preview",
    maxRetries: 0,
  });
});

afterAll(() => server.close());

function ask(content: string, signal?: AbortSignal) {
  return client.chat.completions.create(
    {
      model: "o4-mini",
      messages: [
        { role: "developer", content: "Be short." },
        { role: "user", content },
      ],
      reasoning_effort: "low",
      max_completion_tokens: 20_000,
      stream: true,
      stream_options: { include_usage: true },
    },
    { signal },
  );
}

/** Reads a stream to its end; what came before an error stays in `text`. */
async function read(content: string) {
  const seen = { text: "", chunks: 0, finish: null as string | null, error: null as unknown };
  try {
    for await (const chunk of await ask(content)) {
      seen.chunks += 1;
      seen.text += chunk.choices[0]?.delta?.content ?? "";
      seen.finish = chunk.choices[0]?.finish_reason ?? seen.finish;
    }
  } catch (error) {
    seen.error = error;
  }
  return seen;
}

async function callsFor(part: string): Promise<Call[]> {
  const response = await fetch(`${server.url}/control/calls?contains=${encodeURIComponent(part)}`);
  return (await response.json()) as Call[];
}

async function lastCall(part: string): Promise<Call> {
  const call = (await callsFor(part)).at(-1);
  if (!call) throw new Error(`no call with "${part}"`);
  return call;
}

test("the frames come as the service sends them: no choice first, usage last", async () => {
  const chunks = [];
  for await (const chunk of await ask("hello, frames")) chunks.push(chunk);
  expect(chunks[0]?.choices).toEqual([]);
  expect(chunks[0]).toHaveProperty("prompt_filter_results");
  expect(chunks[1]?.choices[0]?.delta).toMatchObject({ role: "assistant", content: "" });
  expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe("stop");
  expect(chunks.at(-1)?.choices).toEqual([]);
  const usage = chunks.at(-1)?.usage;
  const tokens = (await lastCall("hello, frames")).tokens.length;
  expect(usage?.completion_tokens_details?.reasoning_tokens).toBe(64);
  expect(usage?.completion_tokens).toBe(64 + tokens);
  expect(usage?.total_tokens).toBe(64 + tokens + (usage?.prompt_tokens ?? 0));
});

test("the control endpoint has the exact text, each token's time, and the messages", async () => {
  const { text, finish } = await read("Why is the sky so blue?");
  const call = await lastCall("Why is the sky so blue?");
  expect(finish).toBe("stop");
  expect(call.text).toBe(text);
  expect(call.tokens.join("")).toBe(text);
  expect(call.sentAt).toHaveLength(call.tokens.length);
  expect(call.sentAt).toEqual(call.sentAt.toSorted((a, b) => a - b));
  expect(call).toMatchObject({ state: "finished", deployment: "o4-mini", finishReason: "stop" });
  expect(call.messages.map(({ role }) => role)).toEqual(["developer", "user"]);
});

test("tokens keep the pace that was asked for", async () => {
  await read("answer with 51 tokens at 100 tokens a second");
  const { sentAt, startedAt } = await lastCall("answer with 51 tokens");
  const first = sentAt[0] ?? 0;
  // 50 gaps of 10 ms each; a busy machine may be late, never early.
  expect((sentAt.at(-1) ?? 0) - startedAt).toBeGreaterThanOrEqual(515);
  expect((sentAt.at(-1) ?? 0) - first).toBeLessThan(1500);
});

test("an answer that is not streamed is whole, with its usage", async () => {
  const answer = await client.chat.completions.create({
    model: "o4-mini",
    messages: [{ role: "user", content: "hello, all at once" }],
  });
  expect(answer.choices[0]?.message.content).toBe((await lastCall("hello, all at once")).text);
  expect(answer.choices[0]?.finish_reason).toBe("stop");
  expect(answer.usage?.completion_tokens_details?.reasoning_tokens).toBe(128);
});

test("an answer that has no room ends by its length", async () => {
  const answer = await client.chat.completions.create({
    model: "o4-mini",
    messages: [{ role: "user", content: "Why is there so little room?" }],
    reasoning_effort: "low",
    max_completion_tokens: 70,
  });
  expect(answer.choices[0]?.finish_reason).toBe("length");
  expect(answer.usage?.completion_tokens).toBe(70);
});

test.each([
  [429, AzureOpenAI.RateLimitError],
  [500, AzureOpenAI.InternalServerError],
  [401, AzureOpenAI.AuthenticationError],
  [404, AzureOpenAI.NotFoundError],
])("please fail with %i", async (status, type) => {
  const { error, text } = await read(`please fail with ${status}`);
  expect(error).toBeInstanceOf(type);
  expect(text).toBe("");
  expect((await lastCall(`please fail with ${status}`)).state).toBe("failed");
});

test("a rate limit says when to try again", async () => {
  const { error } = await read("please fail with 429, and when may I come back?");
  expect(
    (error as InstanceType<typeof AzureOpenAI.RateLimitError>).headers?.get("retry-after"),
  ).toBe("1");
});

test("a prompt that the content filter refuses", async () => {
  const { error } = await read("please fail with a content filter");
  expect(error).toBeInstanceOf(AzureOpenAI.BadRequestError);
  expect(error).toMatchObject({ status: 400, code: "content_filter" });
});

test("an answer that the content filter ends", async () => {
  const { text, finish, error } = await read("please filter the answer after 5 tokens");
  expect(error).toBeNull();
  expect(finish).toBe("content_filter");
  expect((await lastCall("please filter the answer")).tokens).toHaveLength(5);
  expect(text).not.toBe("");
});

test("a cut ends the connection in the middle, without a finish reason", async () => {
  const { text, finish, error } = await read("please cut the answer after 30 tokens");
  expect(error).toBeInstanceOf(Error);
  expect(finish).toBeNull();
  const call = await lastCall("please cut the answer");
  expect(call.text.startsWith(text)).toBe(true);
  expect(call.state).toBe("failed");
});

test.each(["please stall after 3 tokens", "please never begin"])(
  "%s: the call runs until the client leaves, and that is seen",
  async (question) => {
    const leave = new AbortController();
    const reading = (async () => {
      for await (const _ of await ask(question, leave.signal));
    })();
    const said = question === "please never begin" ? 0 : 3;
    await vi.waitFor(async () => {
      expect((await lastCall(question)).tokens).toHaveLength(said);
    });
    expect((await lastCall(question)).state).toBe("running");
    leave.abort();
    await reading;
    await vi.waitFor(async () => expect((await lastCall(question)).state).toBe("aborted"));
  },
);

test("a client that leaves in mid-answer ends the call", async () => {
  const leave = new AbortController();
  for await (const chunk of await ask("answer with 5000 tokens, left early", leave.signal)) {
    if (chunk.choices[0]?.delta?.content) leave.abort();
  }
  await vi.waitFor(async () => expect((await lastCall("left early")).state).toBe("aborted"));
  expect((await lastCall("left early")).tokens.length).toBeLessThan(5000);
});

test("a fault that is wanted once is gone at the second call with the same question", async () => {
  expect((await read("hello, please fail with 500 once")).error).not.toBeNull();
  expect((await read("hello, please fail with 500 once")).finish).toBe("stop");
  expect((await callsFor("please fail with 500 once")).map(({ state }) => state)).toEqual([
    "failed",
    "finished",
  ]);
});

test("what is no request is refused with a sentence", async () => {
  const url = `${server.url}/openai/deployments/o4-mini/chat/completions?api-version=1`;
  const post = (body: string, headers: Record<string, string>) =>
    fetch(url, { method: "POST", body, headers });
  expect((await post("{}", {})).status).toBe(401);
  const noJson = await post("{", { "api-key": "any" });
  expect(noJson.status).toBe(400);
  expect(await noJson.json()).toMatchObject({ error: { message: /valid JSON/ } });
  const noMessages = await post("{}", { "api-key": "any" });
  expect(await noMessages.json()).toMatchObject({ error: { message: /'messages'/ } });
});

test.each([
  "//",
  "//[/",
  "//x:99999/",
  "http://[::1",
  "/openai/deployments/%zz/chat/completions?api-version=1",
])("%s is no address here, and no failure of the server", async (path) => {
  const { port } = new URL(server.url);
  const call = request({
    port,
    host: "127.0.0.1",
    path,
    method: "POST",
    headers: { "api-key": "any" },
  });
  call.end("{}");
  const [response] = (await once(call, "response")) as [IncomingMessage];
  response.resume();
  expect(response.statusCode).toBe(404);
});
