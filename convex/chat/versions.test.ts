import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { api, internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import { type Deployment, type Person, freshDeployment, signUp, startWriting } from "../test.setup";
import { openRequest } from "./context";

const { sendChatMessage, stopMessage, listMessages } = api.chat.messages;
const { regenerateMessage, editMessage, continueMessage, showVersion, rateMessage } =
  api.chat.versions;
const { finalizeStreamMessage } = internal.chat.streams;

type MessageId = Id<"chatMessages">;

let deployment: Deployment;
let ada: Person;
let keys = 0;

beforeEach(async () => {
  deployment = freshDeployment();
  ada = await signUp(deployment, "ada@example.com");
});

const newKey = () => `key-${(keys += 1)}`;

async function shown(sessionId: Id<"chatSessions">) {
  const paginationOpts = { numItems: 200, cursor: null };
  const { page } = await ada.as.query(listMessages, { sessionId, paginationOpts });
  return page.toReversed();
}

async function texts(sessionId: Id<"chatSessions">) {
  return (await shown(sessionId)).map(
    ({ content, version, versionCount }) => `${content} ${version}/${versionCount}`,
  );
}

/** Writes and ends an answer without a model. */
async function answer(
  messageId: MessageId,
  content: string,
  failure: "CUT_OFF" | "CONTENT_FILTERED" | null = null,
) {
  const append = await startWriting(deployment, messageId);
  await append({ sequence: 0, text: content });
  const end = { messageId, content, tokens: null, failure };
  await deployment.mutation(finalizeStreamMessage, end);
}

async function turn(content: string, reply: string, sessionId?: Id<"chatSessions">) {
  const args = { content, clientKey: newKey(), sessionId };
  const opened = await ada.as.mutation(sendChatMessage, args);
  await answer(opened.answerId, reply);
  return opened;
}

const step = (messageId: MessageId) => ({ messageId, clientKey: newKey() });

async function credits() {
  return (await ada.as.query(api.credits.usage.current, {})).creditsRemaining;
}

/** What the model is sent for an answer. */
async function request(messageId: MessageId) {
  const found = await deployment.run(async (ctx) => {
    const message = await ctx.db.get("chatMessages", messageId);
    return message === null ? null : await openRequest(ctx, message);
  });
  return found?.request.messages.map(({ role, content }) => `${role}: ${content}`);
}

describe("regenerating", () => {
  test("puts a new paid answer in the place of the old one, which stays reachable", async () => {
    const { sessionId, answerId } = await turn("Why?", "Because.");
    const again = await ada.as.mutation(regenerateMessage, step(answerId));
    await answer(again.answerId, "Therefore.");
    expect(await texts(sessionId)).toEqual(["Why? 1/1", "Therefore. 2/2"]);
    expect(await credits()).toBe(94);

    await ada.as.mutation(showVersion, { messageId: again.answerId, version: 1 });
    expect(await texts(sessionId)).toEqual(["Why? 1/1", "Because. 1/2"]);
    expect(await credits()).toBe(94);
  });

  test("in the middle puts away what followed, and each version keeps its own", async () => {
    const one = await turn("One", "First");
    const { sessionId } = one;
    await turn("Two", "Second", sessionId);
    const again = await ada.as.mutation(regenerateMessage, step(one.answerId));
    await answer(again.answerId, "Other first");
    await turn("Other two", "Other second", sessionId);
    const other = ["One 1/1", "Other first 2/2", "Other two 1/1", "Other second 1/1"];
    expect(await texts(sessionId)).toEqual(other);

    await ada.as.mutation(showVersion, { messageId: again.answerId, version: 1 });
    expect(await texts(sessionId)).toEqual(["One 1/1", "First 1/2", "Two 1/1", "Second 1/1"]);
    await ada.as.mutation(showVersion, { messageId: one.answerId, version: 2 });
    expect(await texts(sessionId)).toEqual(other);
  });

  test("twice with one key is once", async () => {
    const { sessionId, answerId } = await turn("Why?", "Because.");
    const args = step(answerId);
    const first = await ada.as.mutation(regenerateMessage, args);
    expect(await ada.as.mutation(regenerateMessage, args)).toEqual(first);
    expect(await shown(sessionId)).toHaveLength(2);
    expect(await credits()).toBe(94);
  });

  test("leaves a send that comes once more with the answer that it had", async () => {
    const args = { content: "Why?", clientKey: newKey() };
    const sent = await ada.as.mutation(sendChatMessage, args);
    await answer(sent.answerId, "Because.");
    await ada.as.mutation(regenerateMessage, step(sent.answerId));
    expect(await ada.as.mutation(sendChatMessage, args)).toEqual(sent);
  });

  test("while an answer is being written is refused and costs nothing", async () => {
    const { answerId } = await turn("Why?", "Because.");
    const again = await ada.as.mutation(regenerateMessage, step(answerId));
    const [question] = await shown(again.sessionId);
    for (const attempt of [
      ada.as.mutation(regenerateMessage, step(answerId)),
      ada.as.mutation(editMessage, { ...step(question!._id), content: "How?" }),
      ada.as.mutation(showVersion, { messageId: answerId, version: 1 }),
    ]) {
      await expect(attempt).rejects.toMatchObject({ data: { code: "ANSWER_RUNNING" } });
    }
    expect(await credits()).toBe(94);
  });

  test("where another path is shown by now leads back to it", async () => {
    const { sessionId } = await turn("One", "First");
    const two = await turn("Two", "Second", sessionId);
    const [one] = await shown(sessionId);
    const other = await ada.as.mutation(editMessage, { ...step(one!._id), content: "Uno" });
    await answer(other.answerId, "Primo");
    await ada.as.mutation(regenerateMessage, step(two.answerId));
    expect(await texts(sessionId)).toEqual(["One 1/2", "First 1/1", "Two 1/1", " 2/2"]);
    await holdsTogether();
  });

  test("has an end, after which nothing is charged", async () => {
    const { sessionId, answerId } = await turn("Why?", "Because.");
    await deployment.run(async (ctx) => {
      const { _id, _creationTime, ...fields } = (await ctx.db.get("chatMessages", answerId))!;
      for (let i = 2; i < 50; i++) {
        await ctx.db.insert("chatMessages", { ...fields, isShown: false, isChosen: false });
      }
    });
    const last = await ada.as.mutation(regenerateMessage, step(answerId));
    await answer(last.answerId, "The last.");
    const refused = ada.as.mutation(regenerateMessage, step(answerId));
    await expect(refused).rejects.toMatchObject({ data: { code: "TOO_MANY_VERSIONS" } });
    expect(await texts(sessionId)).toEqual(["Why? 1/1", "The last. 50/50"]);
    expect(await credits()).toBe(94);
  });
});

describe("editing", () => {
  test("sends the message again in its place, and the model is sent the shown path", async () => {
    const one = await turn("One", "First");
    const { sessionId } = one;
    await turn("Two", "Second", sessionId);
    const [, , two] = await shown(sessionId);
    const edited = await ada.as.mutation(editMessage, {
      ...step(two!._id),
      content: " Two, but better ",
    });
    expect(await request(edited.answerId)).toEqual([
      "user: One",
      "assistant: First",
      "user: Two, but better",
    ]);
    await answer(edited.answerId, "Better");
    const now = ["One 1/1", "First 1/1", "Two, but better 2/2", "Better 1/1"];
    expect(await texts(sessionId)).toEqual(now);

    const [, , question] = await shown(sessionId);
    await ada.as.mutation(showVersion, { messageId: question!._id, version: 1 });
    expect((await texts(sessionId)).slice(2)).toEqual(["Two 1/2", "Second 1/1"]);
    const third = await turn("Three", "Third", sessionId);
    expect(await request(third.answerId)).toEqual([
      "user: One",
      "assistant: First",
      "user: Two",
      "assistant: Second",
      "user: Three",
    ]);
  });

  test("the very first message works as any other", async () => {
    const { sessionId } = await turn("One", "First");
    const [one] = await shown(sessionId);
    const args = { ...step(one!._id), content: "Uno" };
    const edited = await ada.as.mutation(editMessage, args);
    expect(await ada.as.mutation(editMessage, args)).toEqual(edited);
    expect(await texts(sessionId)).toEqual(["Uno 2/2", " 1/1"]);
  });

  test("where another path is shown by now leads back to it", async () => {
    const { sessionId } = await turn("One", "First");
    await turn("Two", "Second", sessionId);
    const [one, , two] = await shown(sessionId);
    const other = await ada.as.mutation(editMessage, { ...step(one!._id), content: "Uno" });
    await answer(other.answerId, "Primo");
    const mine = await ada.as.mutation(editMessage, { ...step(two!._id), content: "Two!" });
    expect(await texts(sessionId)).toEqual(["One 1/2", "First 1/1", "Two! 2/2", " 1/1"]);
    expect(await request(mine.answerId)).toEqual(["user: One", "assistant: First", "user: Two!"]);
    await holdsTogether();
  });

  test("to nothing, or an answer, is refused", async () => {
    const { sessionId, answerId } = await turn("One", "First");
    const [one] = await shown(sessionId);
    const empty = ada.as.mutation(editMessage, { ...step(one!._id), content: "  " });
    await expect(empty).rejects.toMatchObject({ data: { code: "EMPTY_MESSAGE" } });
    const wrong = ada.as.mutation(editMessage, { ...step(answerId), content: "x" });
    await expect(wrong).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
    expect(await texts(sessionId)).toEqual(["One 1/1", "First 1/1"]);
  });
});

describe("continuing", () => {
  async function cutTurn(reply: string, failure: "CUT_OFF" | "CONTENT_FILTERED" = "CUT_OFF") {
    const args = { content: "Tell me", clientKey: newKey() };
    const opened = await ada.as.mutation(sendChatMessage, args);
    await answer(opened.answerId, reply, failure);
    return opened;
  }

  test("has the model go on from its own words, and is one answer in what follows", async () => {
    const { sessionId, answerId } = await cutTurn("Once upon a ti");
    const more = await ada.as.mutation(continueMessage, step(answerId));
    expect(await request(more.answerId)).toEqual([
      "user: Tell me",
      "assistant: Once upon a ti",
      expect.stringMatching(/^user: Your last answer broke off/),
    ]);
    await answer(more.answerId, "me.");
    expect(await texts(sessionId)).toEqual(["Tell me 1/1", "Once upon a ti 1/1", "me. 1/1"]);
    const next = await turn("And then?", "The end.", sessionId);
    expect(await request(next.answerId)).toEqual([
      "user: Tell me",
      "assistant: Once upon a time.",
      "user: And then?",
    ]);
    expect(await credits()).toBe(91);
  });

  test("goes on after a stop, and twice with one key is once", async () => {
    const { sessionId, answerId } = await ada.as.mutation(sendChatMessage, {
      content: "Tell me",
      clientKey: newKey(),
    });
    await (
      await startWriting(deployment, answerId)
    )({ sequence: 0, text: "Once upon a ti" });
    await ada.as.mutation(stopMessage, { messageId: answerId, seenLength: 9 });
    const args = step(answerId);
    const more = await ada.as.mutation(continueMessage, args);
    expect(await ada.as.mutation(continueMessage, args)).toEqual(more);
    expect(await texts(sessionId)).toEqual(["Tell me 1/1", "Once upon 1/1", " 1/1"]);
    expect(await credits()).toBe(94);
  });

  test("that fails before a word costs nothing and may be tried again in its place", async () => {
    const { sessionId, answerId } = await cutTurn("Once upon a ti");
    const more = await ada.as.mutation(continueMessage, step(answerId));
    await answer(more.answerId, "", "CUT_OFF");
    expect(await credits()).toBe(97);
    const again = await ada.as.mutation(regenerateMessage, step(more.answerId));
    await answer(again.answerId, "me.");
    expect(await texts(sessionId)).toEqual(["Tell me 1/1", "Once upon a ti 1/1", "me. 1/1"]);
    expect(await credits()).toBe(94);
  });

  test("is for the last answer alone, when it broke off with text and was not filtered", async () => {
    const refused = { data: { code: "NOT_CONTINUABLE" } };
    const whole = await turn("Hello", "Hi.");
    await expect(ada.as.mutation(continueMessage, step(whole.answerId))).rejects.toMatchObject(
      refused,
    );
    for (const cut of [await cutTurn(""), await cutTurn("Bad w", "CONTENT_FILTERED")]) {
      const send = ada.as.mutation(continueMessage, step(cut.answerId));
      await expect(send).rejects.toMatchObject(refused);
    }
    const early = await cutTurn("Half");
    await turn("Never mind", "Fine.", early.sessionId);
    const late = ada.as.mutation(continueMessage, step(early.answerId));
    await expect(late).rejects.toMatchObject(refused);
  });
});

test("a thumb is kept, changed and taken back", async () => {
  const { sessionId, answerId } = await turn("Why?", "Because.");
  for (const feedback of ["up", "down", null] as const) {
    await ada.as.mutation(rateMessage, { messageId: answerId, feedback });
    expect((await shown(sessionId))[1]?.feedback).toBe(feedback);
  }
});

test("nobody can touch the versions of somebody else", async () => {
  const bob = await signUp(deployment, "bob@example.com");
  const { sessionId, answerId } = await turn("Why?", "Because.");
  const [question] = await shown(sessionId);
  const attempts = [
    bob.as.mutation(regenerateMessage, step(answerId)),
    bob.as.mutation(continueMessage, step(answerId)),
    bob.as.mutation(editMessage, { ...step(question!._id), content: "Mine" }),
    bob.as.mutation(showVersion, { messageId: answerId, version: 1 }),
    bob.as.mutation(rateMessage, { messageId: answerId, feedback: "up" as const }),
  ];
  for (const attempt of attempts) {
    await expect(attempt).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
  }
});

test("whatever is done, the tree holds together and what is shown is its chosen path", async () => {
  const command = fc.record({
    kind: fc.constantFrom("send", "regenerate", "edit", "show", "fail"),
    at: fc.nat(20),
    version: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 3, maxLength: 12 }), async (commands) => {
      deployment = freshDeployment();
      ada = await signUp(deployment, "ada@example.com");
      const { sessionId } = await turn("start", "started");
      for (const { kind, at, version } of commands) {
        // Any of them: a page may still show what another one has switched away from.
        const messages = await all();
        const message = messages[at % messages.length]!;
        const { _id: messageId } = message;
        if (kind === "send") await turn("more", "said", sessionId);
        else if (kind === "show") {
          if (version > message.versionCount) continue;
          await ada.as.mutation(showVersion, { messageId, version });
        } else {
          const opened =
            message.role === "user"
              ? await ada.as.mutation(editMessage, { ...step(messageId), content: "edited" })
              : await ada.as.mutation(regenerateMessage, step(messageId));
          const failed = kind === "fail";
          await answer(opened.answerId, failed ? "" : "again", failed ? "CUT_OFF" : null);
        }
        await holdsTogether();
      }
    }),
    { numRuns: 12 },
  );
});

async function all(): Promise<Doc<"chatMessages">[]> {
  return await deployment.run((ctx) => ctx.db.query("chatMessages").collect());
}

async function holdsTogether() {
  const messages = await all();
  const byId = new Map(messages.map((message) => [message._id, message]));
  for (const message of messages) {
    const above = message.parentId === null ? null : byId.get(message.parentId);
    expect(above).not.toBe(undefined);
    expect(message.isShown).toBe(message.isChosen && (above?.isShown ?? true));
    const versions = messages.filter(({ parentId }) => parentId === message.parentId);
    expect(versions.filter(({ isChosen }) => isChosen)).toHaveLength(1);
    expect(versions.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual(
      versions.map((_, index) => index + 1),
    );
    expect(message.versionCount).toBe(versions.length);
  }
}
