import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { type Deployment, type Person, freshDeployment, signUp, startWriting } from "../test.setup";
import { START_LEASE_MS, WRITER_LEASE_MS } from "./leases";
import { ANSWER_MAX_CHARACTERS, STREAM_PAGE_CHARACTERS } from "./limits";

const { streamState, streamPage } = api.chat.streams;
const { startStreamingMessage, finalizeStreamMessage, recordTokens } = internal.chat.streams;
const { reap } = internal.chat.reaper;

let deployment: Deployment;
let ada: Person;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  deployment = freshDeployment();
  ada = await signUp(deployment);
});
afterEach(() => {
  vi.useRealTimers();
});

async function pendingAnswer(clientKey = "k1") {
  const args = { content: "Hello", clientKey };
  return (await ada.as.mutation(api.chat.messages.sendChatMessage, args)).answerId;
}

async function startedAnswer(clientKey?: string) {
  const messageId = await pendingAnswer(clientKey);
  return { messageId, append: await startWriting(deployment, messageId) };
}

/** What a viewer sees who asks for everything now. */
async function seen(messageId: Id<"chatMessages">) {
  const { pages } = await ada.as.query(streamState, { messageId });
  const texts: (string | null)[] = [];
  for (let page = 0; page < pages; page++) {
    texts.push(await ada.as.query(streamPage, { messageId, page }));
  }
  return texts;
}

async function stored(messageId: Id<"chatMessages">) {
  return await deployment.run(async (ctx) => ({
    message: await ctx.db.get("chatMessages", messageId),
    sessions: await ctx.db.query("chatSessions").collect(),
    streams: await ctx.db.query("chatStreams").collect(),
    pages: await ctx.db.query("chatStreamPages").collect(),
    leases: await ctx.db.query("chatLeases").collect(),
  }));
}

describe("a start", () => {
  test("is granted once, to whoever comes first", async () => {
    const messageId = await pendingAnswer();
    const args = { messageId, caller: ada.userId };
    const claims = await Promise.all([
      deployment.mutation(startStreamingMessage, args),
      deployment.mutation(startStreamingMessage, { messageId, caller: null }),
    ]);
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
  });

  test("is not granted to somebody else", async () => {
    const bob = await signUp(deployment, "bob@example.com");
    const messageId = await pendingAnswer();
    const args = { messageId, caller: bob.userId };
    expect(await deployment.mutation(startStreamingMessage, args)).toBeNull();
    expect((await stored(messageId)).message?.status).toBe("pending");
  });

  test("is not granted for what is no answer, or gone", async () => {
    const messageId = await pendingAnswer();
    const questionId = (await stored(messageId)).message?.parentId;
    await deployment.run((ctx) => ctx.db.delete("chatMessages", messageId));
    for (const id of [messageId, questionId!]) {
      const args = { messageId: id, caller: null };
      expect(await deployment.mutation(startStreamingMessage, args)).toBeNull();
    }
  });
});

describe("an append", () => {
  test("is seen by whoever watches, and by whoever comes late", async () => {
    const { messageId, append } = await startedAnswer();
    await append({ sequence: 0, text: "One" });
    await append({ sequence: 1, text: " two" });
    expect(await seen(messageId)).toEqual(["One two"]);
  });

  test("that comes twice is written once", async () => {
    const { messageId, append } = await startedAnswer();
    await append({ sequence: 0, text: "One" });
    await append({ sequence: 0, text: "One" });
    await append({ sequence: 1, text: " two" });
    await append({ sequence: 0, text: "One" });
    expect(await seen(messageId)).toEqual(["One two"]);
  });

  test("tells how many more answers are being written for the same person", async () => {
    const bob = await signUp(deployment, "bob@example.com");
    const ofBob = await bob.as.mutation(api.chat.messages.sendChatMessage, {
      content: "Hello",
      clientKey: "bob's",
    });
    const bobs = await startWriting(deployment, ofBob.answerId);
    const one = await startedAnswer("k1");
    expect(await one.append({ sequence: 0, text: "One" })).toMatchObject({ beside: 0 });
    const other = await startedAnswer("k2");
    expect(await one.append({ sequence: 1, text: " more" })).toMatchObject({ beside: 1 });
    expect(await bobs(null)).toMatchObject({ beside: 0 });
    const end = { messageId: one.messageId, content: "One more", tokens: null, failure: null };
    await deployment.mutation(finalizeStreamMessage, end);
    expect(await other.append(null)).toMatchObject({ beside: 0 });
  });

  test("changes one page, and neither the message, the session, the stream, the lease nor earlier pages", async () => {
    const { messageId, append } = await startedAnswer();
    await append({ sequence: 0, text: "x".repeat(STREAM_PAGE_CHARACTERS) });
    await append({ sequence: 1, text: "one" });
    const before = await stored(messageId);
    vi.advanceTimersByTime(1000);
    await append({ sequence: 2, text: " two" });
    const after = await stored(messageId);
    expect(after.pages[1]?.text).toBe("one two");
    expect({ ...after, pages: after.pages.slice(0, 1) }).toEqual({
      ...before,
      pages: before.pages.slice(0, 1),
    });
  });

  test("in any sizes, sent again or not, gives the text in pages that stay small however long it gets", async () => {
    const run = async (sizes: { size: number; answers: number }[], clientKey: string) => {
      const { messageId, append } = await startedAnswer(clientKey);
      let text = "";
      let heard: Awaited<ReturnType<typeof append>> | undefined;
      for (const [sequence, { size, answers }] of sizes.entries()) {
        const chunk = { sequence, text: String.fromCharCode(97 + (sequence % 26)).repeat(size) };
        // What is sent again goes where it went first: its writer has not heard of a new page.
        const from = heard?.page;
        for (let lost = 1; lost < answers; lost++) await append(chunk, from);
        heard = await append(chunk, from);
        text += chunk.text;
      }
      const pages = await seen(messageId);
      expect(pages.join("")).toBe(text);
      const longest = STREAM_PAGE_CHARACTERS - 1 + Math.max(0, ...sizes.map(({ size }) => size));
      expect(pages.every((page) => (page ?? "").length <= longest)).toBe(true);
      expect(pages.slice(0, -1).every((page) => (page ?? "").length >= 512)).toBe(true);
      await deployment.mutation(finalizeStreamMessage, {
        messageId,
        content: text,
        tokens: null,
        failure: null,
      });
    };
    const size = fc.integer({ min: 1, max: 300 });
    const answers = fc.integer({ min: 1, max: 3 });
    const sizes = fc.array(fc.record({ size, answers }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.uuid(), run),
      // Each run costs a message; the month's credits pay for 33.
      { numRuns: 20, endOnFailure: true },
    );
  });
});

describe("an end", () => {
  const tokens = { prompt: 20, completion: 12, reasoning: 7, estimated: false };

  test("comes once: what came first stays", async () => {
    const { messageId, append } = await startedAnswer();
    await append({ sequence: 0, text: "One" });
    const complete = { messageId, content: "One two", tokens, failure: null };
    const failed = { messageId, content: "", tokens: null, failure: "STALLED" as const };
    expect(await deployment.mutation(finalizeStreamMessage, complete)).toBe(true);
    const ended = await stored(messageId);
    expect(await deployment.mutation(finalizeStreamMessage, failed)).toBe(false);
    expect(await deployment.mutation(finalizeStreamMessage, complete)).toBe(false);
    expect(await append({ sequence: 1, text: " two" })).toBeNull();
    expect(await stored(messageId)).toEqual(ended);
    expect(ended.message).toMatchObject({ status: "complete", content: "One two", tokens });
  });

  test("leaves nothing of the stream behind", async () => {
    const { messageId, append } = await startedAnswer();
    await append({ sequence: 0, text: "x".repeat(2000) });
    await append({ sequence: 1, text: "y" });
    const args = { messageId, content: "z", tokens, failure: null };
    await deployment.mutation(finalizeStreamMessage, args);
    expect(await stored(messageId)).toMatchObject({ streams: [], pages: [], leases: [] });
    expect(await seen(messageId)).toEqual([]);
  });

  test("without any text is a failure that costs nothing, whatever the model says", async () => {
    const { messageId } = await startedAnswer();
    const args = { messageId, content: " \n", tokens, failure: null };
    await deployment.mutation(finalizeStreamMessage, args);
    expect((await stored(messageId)).message).toMatchObject({
      status: "failed",
      creditsUsed: 0,
      error: { code: "EMPTY_ANSWER" },
    });
  });

  test("keeps the counts that came first", async () => {
    const { messageId } = await startedAnswer();
    const args = { messageId, content: "One", tokens: null, failure: "STALLED" as const };
    await deployment.mutation(finalizeStreamMessage, args);
    for (const prompt of [20, 30]) {
      await deployment.mutation(recordTokens, { messageId, tokens: { ...tokens, prompt } });
    }
    expect((await stored(messageId)).message?.tokens).toEqual(tokens);
  });

  test("of an answer whose message is gone is no error", async () => {
    const { messageId } = await startedAnswer();
    await deployment.run((ctx) => ctx.db.delete("chatMessages", messageId));
    const args = { messageId, content: "One", tokens, failure: null };
    expect(await deployment.mutation(finalizeStreamMessage, args)).toBe(false);
  });
});

describe("the reaper", () => {
  test("ends an answer whose writer fell silent, with what was written", async () => {
    const { messageId, append } = await startedAnswer();
    await append({ sequence: 0, text: "Half an ans" });
    vi.advanceTimersByTime(WRITER_LEASE_MS + 1);
    await deployment.mutation(reap, {});
    expect((await stored(messageId)).message).toMatchObject({
      status: "failed",
      content: "Half an ans",
      creditsUsed: 3,
      error: { code: "INTERRUPTED" },
    });
    await vi.waitFor(async () => {
      const { message } = await stored(messageId);
      expect(message?.tokens).toMatchObject({ completion: 3, reasoning: 0, estimated: true });
    });
  });

  test("gives a writer that has only begun its time, and counts no tokens of an answer without text", async () => {
    const { messageId } = await startedAnswer();
    vi.advanceTimersByTime(WRITER_LEASE_MS);
    await deployment.mutation(reap, {});
    expect((await stored(messageId)).message?.status).toBe("streaming");
    vi.advanceTimersByTime(1);
    await deployment.mutation(reap, {});
    expect((await stored(messageId)).message).toMatchObject({ status: "failed", content: "" });
    const scheduled = await deployment.run((ctx) =>
      ctx.db.system.query("_scheduled_functions").collect(),
    );
    expect(scheduled.map(({ name }) => name)).not.toContainEqual(expect.stringContaining("tokens"));
  });

  test("ends an answer that nobody started, and gives its credits back", async () => {
    const messageId = await pendingAnswer();
    vi.advanceTimersByTime(START_LEASE_MS - 1);
    await deployment.mutation(reap, {});
    expect((await stored(messageId)).message?.status).toBe("pending");
    vi.advanceTimersByTime(2);
    await deployment.mutation(reap, {});
    expect((await stored(messageId)).message).toMatchObject({ status: "failed", creditsUsed: 0 });
  });

  test("leaves a long answer alone while its writer writes", async () => {
    const { messageId, append } = await startedAnswer();
    for (let sequence = 0; sequence < 40; sequence++) {
      vi.advanceTimersByTime(3000);
      await append({ sequence, text: "word " });
      await deployment.mutation(reap, {});
    }
    expect((await stored(messageId)).message?.status).toBe("streaming");
  });

  test("leaves an answer alone whose model is silent while its writer lives", async () => {
    const { messageId, append } = await startedAnswer();
    for (let second = 0; second < 60; second++) {
      vi.advanceTimersByTime(1000);
      await append(null);
      await deployment.mutation(reap, {});
    }
    expect((await stored(messageId)).message?.status).toBe("streaming");
  });

  test("ends answers that died together, though one transaction cannot read what all were sent", async () => {
    // Their tokens, which take long to count, are not counted here.
    vi.useFakeTimers();
    deployment = freshDeployment({ transactionLimits: true });
    ada = await signUp(deployment);
    const messageId = await longestQuestion();
    const append = await startWriting(deployment, messageId);
    await append({ sequence: 0, text: "漢".repeat(ANSWER_MAX_CHARACTERS) });
    for (let n = 1; n < 20; n++) await copyRunning(messageId);
    vi.advanceTimersByTime(WRITER_LEASE_MS + 1);
    for (let run = 0; run < 4; run++) await deployment.mutation(reap, {});
    expect((await stored(messageId)).leases).toEqual([]);
  });

  /** A running answer to as much as a person may have a model read, in a script of three bytes a letter. */
  async function longestQuestion() {
    const { sendChatMessage, stopMessage } = api.chat.messages;
    const text = (characters: number) => ({ name: "Long", text: "漢".repeat(characters) });
    const ask = async (turn: Partial<typeof sendChatMessage._args>) =>
      await ada.as.mutation(sendChatMessage, { content: "Hello", clientKey: "k1", ...turn });
    const { sessionId, answerId } = await ask({ attachments: [text(59_000)] });
    await ada.as.mutation(stopMessage, { messageId: answerId, seenLength: 0 });
    const attachments = [text(60_000), text(60_000)];
    const second = await ask({ sessionId, attachments, clientKey: "k2" });
    await ada.as.mutation(stopMessage, { messageId: second.answerId, seenLength: 0 });
    return (await ask({ sessionId, attachments, clientKey: "k3" })).answerId;
  }

  /** Another running answer that was sent the same. */
  async function copyRunning(from: Id<"chatMessages">) {
    await deployment.run(async (ctx) => {
      const answer = await ctx.db.get("chatMessages", from);
      const messageId = await ctx.db.insert("chatMessages", fieldsOf(answer!));
      const request = await ctx.db.query("chatRequests").first();
      await ctx.db.insert("chatRequests", { ...fieldsOf(request!), messageId });
      const lease = await ctx.db.query("chatLeases").first();
      await ctx.db.insert("chatLeases", { ...fieldsOf(lease!), messageId });
      const stream = await ctx.db.query("chatStreams").first();
      await ctx.db.insert("chatStreams", { ...fieldsOf(stream!), messageId });
      const page = await ctx.db.query("chatStreamPages").first();
      await ctx.db.insert("chatStreamPages", { ...fieldsOf(page!), messageId });
    });
  }

  test("ends an answer of which more was written than it may hold, and so those after it", async () => {
    const { messageId, append } = await startedAnswer();
    const piece = "word ".repeat(ANSWER_MAX_CHARACTERS / 10);
    for (let sequence = 0; sequence < 12; sequence++) await append({ sequence, text: piece });
    vi.advanceTimersByTime(WRITER_LEASE_MS + 1);
    await deployment.mutation(reap, {});
    const { message } = await stored(messageId);
    expect(message).toMatchObject({ status: "failed", creditsUsed: 3 });
    expect(message?.content.length).toBe(ANSWER_MAX_CHARACTERS);
  });

  test("clears a lease whose message is gone", async () => {
    const messageId = await pendingAnswer();
    await deployment.run((ctx) => ctx.db.delete("chatMessages", messageId));
    vi.advanceTimersByTime(START_LEASE_MS + 1);
    await deployment.mutation(reap, {});
    expect((await stored(messageId)).leases).toEqual([]);
  });
});

function fieldsOf<Row extends { _id: unknown; _creationTime: number }>(row: Row) {
  const { _id, _creationTime, ...fields } = row;
  return fields;
}
