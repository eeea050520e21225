import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { ask as askAs, type ModelCall, streamed, stubModel, wholeAnswer } from "../model.setup";
import { type Deployment, freshDeployment, type Person, signUp } from "../test.setup";
import { modelFor, modelNames } from "./catalogue";

const { getSettings, updateSettings } = api.account.settings;
const { listMessages } = api.chat.messages;
const { setModel, whatWasSent } = api.chat.requests;

let deployment: Deployment;
let ada: Person;
let calls: ModelCall[];

beforeEach(async () => {
  deployment = freshDeployment();
  ada = await signUp(deployment);
  calls = stubModel(streamed(wholeAnswer("Yes")));
  vi.stubEnv("AZURE_OPENAI_DEPLOYMENT", "o4-mini, o3,, o4-mini");
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

const ask = (more: Parameters<typeof askAs>[2] = {}) => askAs(ada, "Hello", more);

/** The model of the last call, by its address. */
const asked = () => /deployments\/([^/]+)/.exec(calls.at(-1)?.url ?? "")?.[1];

const invalid = { data: { code: "INVALID_REQUEST" } };

test("whoever runs the server names the models, the preset first", () => {
  expect(modelNames()).toEqual(["o4-mini", "o3"]);
  expect([modelFor(), modelFor("o3"), modelFor("gone")]).toEqual(["o4-mini", "o3", "o4-mini"]);
  vi.stubEnv("AZURE_OPENAI_DEPLOYMENT", " , ");
  expect(modelNames()).toEqual([]);
  expect(modelFor("o3")).toBeNull();
});

test("a setting that is left empty is as one that is not there", async () => {
  vi.stubEnv("AZURE_OPENAI_API_VERSION", "");
  vi.stubEnv("MODEL_STALL_TIMEOUT_MS", "");
  const { sessionId } = await ask();
  expect(calls.at(-1)?.url).toMatch(/api-version=\d{4}-/);
  const paginationOpts = { numItems: 1, cursor: null };
  const { page } = await ada.as.query(listMessages, { sessionId, paginationOpts });
  expect(page[0]).toMatchObject({ status: "complete", content: "Yes" });
});

test("a model is chosen per chat, asked from the next answer on, and recorded with each answer", async () => {
  const first = await ask();
  expect(asked()).toBe("o4-mini");
  const { sessionId, displayId } = first;
  await ada.as.mutation(setModel, { sessionId, model: "o3" });
  const second = await ask({ sessionId });
  expect(asked()).toBe("o3");
  expect((await ada.as.query(api.chat.sessions.getSession, { displayId }))?.model).toBe("o3");

  const paginationOpts = { numItems: 10, cursor: null };
  const { page } = await ada.as.query(listMessages, { sessionId, paginationOpts });
  expect(page.map(({ model }) => model)).toEqual(["o3", null, "o4-mini", null]);
  const sent = await ada.as.query(whatWasSent, { messageId: second.answerId });
  expect(sent?.model).toBe("o3");

  await ask();
  expect(asked()).toBe("o4-mini");
});

test("the model of the settings answers in new chats, unless another is chosen there", async () => {
  const before = await ask();
  await ada.as.mutation(updateSettings, { model: "o3" });
  expect(await ada.as.query(getSettings, {})).toMatchObject({
    model: "o3",
    models: ["o4-mini", "o3"],
  });
  await ask();
  expect(asked()).toBe("o3");
  await ask({ model: "o4-mini" });
  expect(asked()).toBe("o4-mini");
  await ask({ sessionId: before.sessionId });
  expect(asked()).toBe("o4-mini");
});

test("the preset answers when the server no longer has the model that was chosen", async () => {
  await ada.as.mutation(updateSettings, { model: "o3" });
  const { sessionId, displayId } = await ask();
  vi.stubEnv("AZURE_OPENAI_DEPLOYMENT", "o4-mini");
  await ask({ sessionId });
  expect(asked()).toBe("o4-mini");
  expect((await ada.as.query(api.chat.sessions.getSession, { displayId }))?.model).toBe("o4-mini");
  expect((await ada.as.query(getSettings, {})).model).toBe("o4-mini");
});

test("a model that the server does not have is refused, and nothing is written", async () => {
  const { sessionId } = await ask();
  await expect(ada.as.mutation(setModel, { sessionId, model: "gpt" })).rejects.toMatchObject(
    invalid,
  );
  await expect(ada.as.mutation(updateSettings, { model: "" })).rejects.toMatchObject(invalid);
  await expect(ask({ model: "gpt" })).rejects.toMatchObject(invalid);
  const sessions = await deployment.run((ctx) => ctx.db.query("chatSessions").collect());
  expect(sessions.map(({ model }) => model)).toEqual(["o4-mini"]);
});

test("somebody else's chat keeps its model", async () => {
  const { sessionId } = await ask();
  const bob = await signUp(deployment, "bob@example.com");
  const change = bob.as.mutation(setModel, { sessionId, model: "o3" });
  await expect(change).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
});

test("a new chat is told of projects and tasks as the person has set it, or as it is chosen there", async () => {
  await ada.as.mutation(updateSettings, { includesContext: true });
  const includes = async (sessionId: Id<"chatSessions">) =>
    await deployment.run(
      async (ctx) => (await ctx.db.get("chatSessions", sessionId))?.includesContext,
    );
  expect(await includes((await ask()).sessionId)).toBe(true);
  expect(await includes((await ask({ includesContext: false })).sessionId)).toBe(false);
});
