import { afterEach, describe, expect, test, vi } from "vitest";
import { endFrame, refused, streamed, stubModel, textFrame, wholeAnswer } from "../model.setup";
import { azureProvider } from "./azure";
import type { ModelRequest, ReplyEvent } from "./provider";

const REQUEST: ModelRequest = {
  instructions: "Be brief.",
  messages: [{ role: "user", content: "Hello" }],
};

afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

function provider(stallTimeoutMs = 30_000) {
  return azureProvider({
    endpoint: "https://models.test",
    apiKey: "key",
    deployment: "o4-mini",
    apiVersion: "2025-04-01-preview",
    stallTimeoutMs,
  });
}

async function reply(signal = new AbortController().signal, stallTimeoutMs?: number) {
  const events: ReplyEvent[] = [];
  for await (const event of provider(stallTimeoutMs).streamReply(REQUEST, signal)) {
    events.push(event);
  }
  return events;
}

test("an answer arrives as its words, its usage with reasoning, and its end", async () => {
  stubModel(streamed(wholeAnswer("Hi", " there")));
  expect(await reply()).toEqual([
    { kind: "text", text: "Hi" },
    { kind: "text", text: " there" },
    { kind: "usage", usage: { prompt: 20, completion: 12, reasoning: 7 } },
    { kind: "end", reason: "done" },
  ]);
});

test("the call follows the rules of the o-series", async () => {
  const calls = stubModel(streamed(wholeAnswer("Hi")));
  await reply();
  expect(calls[0]?.url).toBe(
    "https://models.test/openai/deployments/o4-mini/chat/completions?api-version=2025-04-01-preview",
  );
  expect(calls[0]?.body).toMatchObject({
    messages: [
      { role: "developer", content: "Be brief." },
      { role: "user", content: "Hello" },
    ],
    stream: true,
    stream_options: { include_usage: true },
  });
  expect(calls[0]?.body.max_completion_tokens).toBeGreaterThan(0);
  expect(calls[0]?.body).not.toHaveProperty("temperature");
  expect(calls[0]?.body).not.toHaveProperty("max_tokens");
});

test.each([
  ["length", "length-limit"],
  ["content_filter", "content-filter"],
])("an answer that ends with %s says so", async (finishReason, reason) => {
  stubModel(streamed([textFrame("Hi"), endFrame(finishReason)]));
  expect((await reply()).at(-1)).toEqual({ kind: "end", reason });
});

describe("an answer that the model has ended is whole,", () => {
  const ended = [textFrame("Hi"), endFrame("stop")];
  const whole = [
    { kind: "text", text: "Hi" },
    { kind: "end", reason: "done" },
  ];

  test.each(["close", "cut", "silence"] as const)(
    "though the connection ends in %s",
    async (then) => {
      stubModel(streamed(ended, then));
      expect(await reply(undefined, 20)).toEqual(whole);
    },
  );

  test("though an error follows", async () => {
    stubModel(streamed([...ended, { error: { code: "server_error", message: "late" } }]));
    expect(await reply()).toEqual(whole);
  });

  test.each([{ completion_tokens: 2 }, { prompt_tokens: "9", completion_tokens: null }])(
    "though its counts are none: %o",
    async (usage) => {
      stubModel(streamed([...ended, { choices: [], usage }]));
      expect(await reply()).toEqual(whole);
    },
  );
});

test("a model that refuses in so many words has filtered the answer", async () => {
  const refusal = { choices: [{ index: 0, delta: { refusal: "I will not." } }] };
  stubModel(streamed([refusal, endFrame("stop")]));
  expect(await reply()).toEqual([{ kind: "end", reason: "content-filter" }]);
});

describe("what goes wrong has one code", () => {
  test.each([
    [429, "rate_limit_exceeded", "RATE_LIMITED"],
    [500, "internal", "PROVIDER_DOWN"],
    [503, "unavailable", "PROVIDER_DOWN"],
    [401, "401", "NOT_CONFIGURED"],
    [404, "DeploymentNotFound", "NOT_CONFIGURED"],
    [400, "content_filter", "CONTENT_FILTERED"],
    [400, "invalid_prompt", "CONTENT_FILTERED"],
    [400, "context_length_exceeded", "TOO_LONG"],
    [400, "string_above_max_length", "TOO_LONG"],
    [413, "413", "TOO_LONG"],
    [400, "unsupported_parameter", "NOT_CONFIGURED"],
    [400, "OperationNotSupported", "NOT_CONFIGURED"],
    [307, "moved", "NOT_CONFIGURED"],
    [408, "Timeout", "PROVIDER_DOWN"],
    [409, "Conflict", "PROVIDER_DOWN"],
    [424, "model_error", "PROVIDER_DOWN"],
    [400, "invalid_request", "UNEXPECTED"],
  ])("a refusal with %i %s is %s", async (status, code, expected) => {
    stubModel(refused(status, code));
    await expect(reply()).rejects.toMatchObject({ code: expected });
  });

  test.each([
    ["max_completion_tokens", "NOT_CONFIGURED"],
    ["messages[1].content", "UNEXPECTED"],
  ])("a refusal of %s is %s", async (param, expected) => {
    const error = { code: "invalid_value", message: "refused", param };
    stubModel(() => Response.json({ error }, { status: 400 }));
    await expect(reply()).rejects.toMatchObject({ code: expected });
  });

  test.each([
    ["content_filter", "CONTENT_FILTERED", "CONTENT_FILTERED"],
    ["429", "RATE_LIMITED", "CUT_OFF"],
    ["server_error", "PROVIDER_DOWN", "CUT_OFF"],
  ])("an error %s in a stream is %s, and %s after the first word", async (code, first, later) => {
    const error = { error: { code, message: "told in the stream" } };
    stubModel(streamed([error]), streamed([textFrame("Hi"), error]));
    await expect(reply()).rejects.toMatchObject({ code: first });
    await expect(reply()).rejects.toMatchObject({ code: later });
  });

  test.each(["text/html", "application/json; charset=utf-8"])(
    "an answer that is no stream but %s is NOT_CONFIGURED",
    async (type) => {
      stubModel(() => new Response("<p>Welcome</p>", { headers: { "content-type": type } }));
      await expect(reply()).rejects.toMatchObject({ code: "NOT_CONFIGURED" });
    },
  );

  test("what the log is told of it has no key in it, and is no page", async () => {
    const page = `denied: key is wrong. ${"<p>".repeat(1000)}`;
    stubModel(() => new Response(page, { status: 403 }));
    const failure: unknown = await reply().catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: expect.stringContaining("denied: [key] is wrong.") });
    expect((failure as Error).message.length).toBeLessThan(600);
  });

  test("an address that does not answer is PROVIDER_DOWN", async () => {
    stubModel();
    await expect(reply()).rejects.toMatchObject({ code: "PROVIDER_DOWN" });
  });

  test("a connection lost in the middle is CUT_OFF", async () => {
    stubModel(streamed([textFrame("Hi")], "cut"));
    await expect(reply()).rejects.toMatchObject({ code: "CUT_OFF" });
  });

  test("a stream that ends without saying why is CUT_OFF, not complete", async () => {
    stubModel(streamed([textFrame("Hi")], "close"));
    await expect(reply()).rejects.toMatchObject({ code: "CUT_OFF" });
  });

  test("silence is STALLED, and the call is ended", async () => {
    const calls = stubModel(streamed([textFrame("Hi")], "silence"));
    await expect(reply(undefined, 5)).rejects.toMatchObject({ code: "STALLED" });
    expect(calls[0]?.signal?.aborted).toBe(true);
  });
});

test("a refusal before the first word is tried once more", async () => {
  const calls = stubModel(refused(429, "busy"), streamed(wholeAnswer("Hi")));
  expect((await reply())[0]).toEqual({ kind: "text", text: "Hi" });
  expect(calls).toHaveLength(2);
});

test("an abort ends the call and the answer, without an error", async () => {
  const calls = stubModel(streamed([textFrame("Hi")], "silence"));
  const stop = new AbortController();
  const events: ReplyEvent[] = [];
  for await (const event of provider().streamReply(REQUEST, stop.signal)) {
    events.push(event);
    stop.abort();
  }
  expect(events).toEqual([{ kind: "text", text: "Hi" }]);
  expect(calls[0]?.signal?.aborted).toBe(true);
});
