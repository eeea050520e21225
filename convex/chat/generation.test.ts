import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import {
  ask,
  endFrame,
  refused,
  streamed,
  stubModel,
  textFrame,
  USAGE_FRAME,
  wholeAnswer,
} from "../model.setup";
import { type Deployment, type Person, freshDeployment, signUp } from "../test.setup";
import { ANSWER_MAX_CHARACTERS } from "./limits";
import { FALLBACK_START_MS } from "./turn";

let deployment: Deployment;
let ada: Person;

beforeEach(async () => {
  deployment = freshDeployment();
  ada = await signUp(deployment);
  vi.spyOn(console, "warn").mockReturnValue();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

let keys = 0;
async function send(content: string, sessionId?: Id<"chatSessions">) {
  const args = { content, sessionId, clientKey: `key ${++keys}` };
  return await ada.as.mutation(api.chat.messages.sendChatMessage, args);
}

async function generate(messageId: Id<"chatMessages">, as = ada.as) {
  await as.action(api.chat.generation.generateReply, { messageId });
}

async function message(messageId: Id<"chatMessages">) {
  const found = await deployment.run((ctx) => ctx.db.get("chatMessages", messageId));
  if (found === null) throw new Error("no such message");
  return found;
}

async function credits() {
  return (await ada.as.query(api.credits.usage.current, {})).creditsRemaining;
}

test("an answer is written whole, with the provider's own token counts", async () => {
  stubModel(streamed(wholeAnswer("A ledger ", "is a book.")));
  const { answerId } = await send("What is a ledger?");
  await generate(answerId);
  expect(await message(answerId)).toMatchObject({
    status: "complete",
    content: "A ledger is a book.",
    creditsUsed: 3,
    tokens: { prompt: 20, completion: 12, reasoning: 7, estimated: false },
    error: null,
  });
  expect(await credits()).toBe(97);
});

test("an answer in which half a character came alone is written, whole but for that", async () => {
  stubModel(streamed(wholeAnswer("One \ud83c", " two")));
  const { answerId } = await send("Hello");
  await generate(answerId);
  expect(await message(answerId)).toMatchObject({ status: "complete", content: "One \ufffd two" });
});

test("an answer of more text than a document holds is ended where it has its limit", async () => {
  const calls = stubModel(streamed(wholeAnswer(..."xyz".split("").map((x) => x.repeat(1 << 19)))));
  const { answerId } = await send("Draw a very long line");
  await generate(answerId);
  const cut = await message(answerId);
  expect(cut).toMatchObject({ status: "failed", creditsUsed: 3, error: { code: "LENGTH_LIMIT" } });
  expect(cut.content).toBe("x".repeat(ANSWER_MAX_CHARACTERS));
  expect(cut.tokens?.estimated).toBe(true);
  expect(calls[0]?.signal?.aborted).toBe(true);
});

test("of a model that may write no more before its first word there is no rest to ask for", async () => {
  stubModel(streamed([endFrame("length"), USAGE_FRAME]));
  const { answerId } = await send("Is every even number the sum of two primes?");
  await generate(answerId);
  const answer = await message(answerId);
  expect(answer).toMatchObject({ status: "failed", creditsUsed: 0, tokens: { reasoning: 7 } });
  expect(answer.error?.code).toBe("ONLY_REASONING");
  expect(answer.error?.message).toContain("You were not charged.");
  expect(answer.error?.message).not.toContain("rest");
});

test("an answer is asked for once, whoever starts it and however often", async () => {
  const calls = stubModel(streamed(wholeAnswer("Yes")));
  const { answerId } = await send("Hello");
  const unattended = internal.chat.generation.generateReplyUnattended;
  await Promise.all([
    generate(answerId),
    generate(answerId),
    deployment.action(unattended, { messageId: answerId }),
  ]);
  await generate(answerId);
  expect(calls).toHaveLength(1);
});

test("an answer is not started by somebody else", async () => {
  const calls = stubModel(streamed(wholeAnswer("Yes")));
  const bob = await signUp(deployment, "bob@example.com");
  const { answerId } = await send("Hello");
  await generate(answerId, bob.as);
  expect(calls).toHaveLength(0);
  expect((await message(answerId)).status).toBe("pending");
});

test("an answer whose page vanished is started by the scheduler", async () => {
  vi.useFakeTimers();
  stubModel(streamed(wholeAnswer("Yes")));
  const { answerId } = await send("Hello");
  await vi.advanceTimersByTimeAsync(FALLBACK_START_MS - 1);
  expect((await message(answerId)).status).toBe("pending");
  await deployment.finishAllScheduledFunctions(vi.runAllTimers);
  expect(await message(answerId)).toMatchObject({ status: "complete", content: "Yes" });
});

describe("the model is sent", () => {
  test("the last ten messages before the question, oldest first", async () => {
    const calls = stubModel(streamed(wholeAnswer("Answer")));
    const { sessionId, answerId } = await send("Question 0");
    await generate(answerId);
    for (let i = 1; i <= 7; i++) await generate((await send(`Question ${i}`, sessionId)).answerId);
    const sent = calls.at(-1)?.body.messages ?? [];
    expect(sent[0]?.role).toBe("developer");
    expect(sent.slice(1).map(({ content }) => content)).toEqual([
      ...[2, 3, 4, 5, 6].flatMap((i) => [`Question ${i}`, "Answer"]),
      "Question 7",
    ]);
    expect(sent.at(-1)?.role).toBe("user");
  });

  test("failed answers with their text, and none without", async () => {
    const calls = stubModel(
      streamed([textFrame("Half")], "close"),
      refused(400, "content_filter"),
      streamed(wholeAnswer("Whole")),
    );
    const { sessionId, answerId } = await send("One");
    await generate(answerId);
    await generate((await send("Two", sessionId)).answerId);
    await generate((await send("Three", sessionId)).answerId);
    const sent = calls
      .at(-1)
      ?.body.messages.slice(1)
      .map(({ content }) => content);
    expect(sent).toEqual(["One", "Half", "Two", "Three"]);
  });

  test("the question again, and not the failed answer, when the person tries again", async () => {
    const calls = stubModel(streamed([textFrame("Half")], "close"), streamed(wholeAnswer("Whole")));
    const { answerId } = await send("One");
    await generate(answerId);
    const retry = { messageId: answerId, clientKey: "again" };
    const turn = await ada.as.mutation(api.chat.versions.regenerateMessage, retry);
    await generate(turn.answerId);
    expect(calls.at(-1)?.body.messages.slice(1)).toEqual([{ role: "user", content: "One" }]);
    expect(await message(turn.answerId)).toMatchObject({ status: "complete", content: "Whole" });
  });

  test("attachments of earlier messages as far as there is room for them, in any script", async () => {
    const calls = stubModel(streamed(wholeAnswer("Answer")));
    let sessionId: Id<"chatSessions"> | undefined;
    const sentWith = async (letter: string, ...lengths: number[]) => {
      const attachments = lengths.map((length) => ({ name: letter, text: letter.repeat(length) }));
      const turn = await ask(ada, letter, { attachments, ...(sessionId ? { sessionId } : {}) });
      ({ sessionId } = turn);
      const questions = calls.at(-1)?.body.messages.filter(({ role }) => role === "user");
      return questions?.map(({ content }) => content[0]);
    };
    expect(await sentWith("a", 45_000)).toEqual(["a"]);
    expect(await sentWith("b", 45_000)).toEqual(["a", "b"]);
    expect(await sentWith("漢", 44_000)).toEqual(["a", "b", "漢"]);
    expect(await sentWith("字", 44_000)).toEqual(["b", "漢", "字"]);
    expect(await sentWith("c")).toEqual(["字", "c"]);
    // The more the question has, the less goes before it.
    expect(await sentWith("語", 60_000, 60_000)).toEqual(["c", "語"]);
  });

  test("nothing of other sessions", async () => {
    const calls = stubModel(streamed(wholeAnswer("Yes")));
    await generate((await send("Elsewhere")).answerId);
    await generate((await send("Here")).answerId);
    expect(calls.at(-1)?.body.messages.slice(1)).toEqual([{ role: "user", content: "Here" }]);
  });
});

describe("a failure", () => {
  test.each([
    ["RATE_LIMITED", refused(429, "busy")],
    ["PROVIDER_DOWN", refused(500, "broken")],
    ["NOT_CONFIGURED", refused(401, "401")],
    ["CONTENT_FILTERED", refused(400, "content_filter")],
    ["TOO_LONG", refused(400, "context_length_exceeded")],
    ["CUT_OFF", streamed([], "close")],
  ])("%s before any text costs nothing and says so in a sentence", async (code, answer) => {
    stubModel(answer);
    const { answerId } = await send("Hello");
    await generate(answerId);
    const failed = await message(answerId);
    expect(failed).toMatchObject({ status: "failed", content: "", creditsUsed: 0, tokens: null });
    expect(failed.error?.code).toBe(code);
    expect(failed.error?.message).toMatch(/^[A-Z].*\. You were not charged\. [A-Z].*\.$/);
    expect(await credits()).toBe(100);
  });

  test("in the middle keeps the text and its charge, and the tokens are estimated", async () => {
    stubModel(streamed([textFrame("Half an "), textFrame("answer")], "cut"));
    const { answerId } = await send("Hello <|endoftext|>");
    await generate(answerId);
    expect(await message(answerId)).toMatchObject({
      status: "failed",
      content: "Half an answer",
      creditsUsed: 3,
      error: { code: "CUT_OFF" },
      tokens: { completion: 3, reasoning: 0, estimated: true },
    });
    expect((await message(answerId)).tokens?.prompt).toBeGreaterThan(10);
  });

  test.each([
    ["LENGTH_LIMIT", "length"],
    ["CONTENT_FILTERED", "content_filter"],
  ])("%s that the model tells at its end keeps the text too", async (code, reason) => {
    stubModel(streamed([textFrame("Half an answer"), endFrame(reason)]));
    const { answerId } = await send("Hello");
    await generate(answerId);
    expect(await message(answerId)).toMatchObject({
      status: "failed",
      content: "Half an answer",
      creditsUsed: 3,
      error: { code },
    });
  });

  test("of the settings is told as what it is, without what is secret", async () => {
    stubModel(streamed(wholeAnswer("Yes")));
    vi.stubEnv("AZURE_OPENAI_KEY", "");
    const { answerId } = await send("Hello");
    await generate(answerId);
    const { error } = await message(answerId);
    expect(error?.code).toBe("NOT_CONFIGURED");
    expect(error?.message).not.toContain("AZURE");
  });

  test("of a model that falls silent ends the answer", async () => {
    stubModel(streamed([textFrame("Half")], "silence"));
    vi.stubEnv("MODEL_STALL_TIMEOUT_MS", "20");
    const { answerId } = await send("Hello");
    await generate(answerId);
    expect(await message(answerId)).toMatchObject({
      status: "failed",
      content: "Half",
      error: { code: "STALLED" },
    });
  });
});

// All in one piece, they took longer than a test may.
test("the tokens of a long text without blanks are counted", async () => {
  stubModel(streamed([textFrame("漢")], "cut"));
  const name = "Long";
  const attachments = [60_000, 60_000].map((length) => ({ name, text: "漢字".repeat(length / 2) }));
  const args = { content: "What is this?", clientKey: "long", attachments };
  const { answerId } = await ada.as.mutation(api.chat.messages.sendChatMessage, args);
  await generate(answerId);
  const { tokens } = await message(answerId);
  expect(tokens?.prompt).toBeGreaterThan(100_000);
  expect(tokens?.prompt).toBeLessThan(150_000);
});

test("a stop ends the model's call, though the model is silent", async () => {
  const calls = stubModel(streamed([textFrame("One two three")], "silence"));
  const { answerId } = await send("Hello");
  const writing = generate(answerId);
  const { streamPage } = api.chat.streams;
  await vi.waitFor(async () => {
    const page = await ada.as.query(streamPage, { messageId: answerId, page: 0 });
    expect(page).toBe("One two three");
  });
  const stop = { messageId: answerId, seenLength: 7 };
  await ada.as.mutation(api.chat.messages.stopMessage, stop);
  await writing;
  expect(calls[0]?.signal?.aborted).toBe(true);
  expect(await message(answerId)).toMatchObject({
    status: "stopped",
    content: "One two",
    creditsUsed: 3,
    tokens: { completion: 3, estimated: true },
  });
});

test("a stop before the first word counts what the model read for it", async () => {
  stubModel(streamed([], "silence"));
  const { answerId } = await send("Hello");
  const writing = generate(answerId);
  await vi.waitFor(async () => {
    expect((await message(answerId)).status).toBe("streaming");
  });
  await ada.as.mutation(api.chat.messages.stopMessage, { messageId: answerId, seenLength: 0 });
  await writing;
  const { status, creditsUsed, tokens } = await message(answerId);
  expect({ status, creditsUsed }).toEqual({ status: "stopped", creditsUsed: 0 });
  expect(tokens).toMatchObject({ completion: 0, estimated: true });
  // The instructions and the question, with some around each.
  expect(tokens?.prompt).toBeGreaterThan(60);
});

test("an answer that is stopped just as the model comes to its end has the provider's counts", async () => {
  const end = Promise.withResolvers<void>();
  const [words, ...rest] = [textFrame("One two three"), ...wholeAnswer()];
  stubModel((call) => {
    const first = streamed([words], "close")(call).body!;
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        for await (const piece of first) controller.enqueue(piece);
        await end.promise;
        for await (const piece of streamed(rest)(call).body!) controller.enqueue(piece);
        controller.close();
      },
    });
    return new Response(body);
  });
  const { answerId } = await send("Hello");
  const writing = generate(answerId);
  await vi.waitFor(async () => {
    const args = { messageId: answerId, page: 0 };
    expect(await ada.as.query(api.chat.streams.streamPage, args)).toBe("One two three");
  });
  await ada.as.mutation(api.chat.messages.stopMessage, { messageId: answerId, seenLength: 3 });
  end.resolve();
  await writing;
  expect(await message(answerId)).toMatchObject({
    status: "stopped",
    content: "One",
    tokens: { prompt: 20, completion: 12, reasoning: 7, estimated: false },
  });
});
