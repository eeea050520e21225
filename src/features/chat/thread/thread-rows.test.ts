import { expect, test } from "vitest";
import type { Id } from "../../../../convex/_generated/dataModel";
import type { Message } from "../message";
import type { OutgoingMessage } from "../outbox";
import { lastAnswer, threadRows } from "./thread-rows";

function message(fields: Partial<Message> & Pick<Message, "role" | "clientKey">): Message {
  return {
    _id: `${fields.role}-${fields.clientKey}` as Id<"chatMessages">,
    content: fields.role === "user" ? "How high?" : "Two metres.",
    status: "complete",
    tokens: null,
    creditsUsed: 0,
    timestamp: 0,
    error: null,
    parentId: null,
    version: 1,
    versionCount: 1,
    feedback: null,
    attachments: [],
    model: null,
    ...fields,
  };
}

const SENDING: OutgoingMessage = {
  chatKey: "CH-000001",
  clientKey: "two",
  text: "And tomorrow?",
  attachments: [],
  includesContext: false,
  model: null,
  state: "sending",
};
const ACCEPTED: OutgoingMessage = {
  ...SENDING,
  state: "accepted",
  sessionId: "s1" as Id<"chatSessions">,
  displayId: "CH-000001",
  answerId: "assistant-two" as Id<"chatMessages">,
};
const id = (name: string) => name as Id<"chatMessages">;
const FIRST_TURN = [
  message({ role: "assistant", clientKey: "one", parentId: id("user-one") }),
  message({ role: "user", clientKey: "one" }),
];
const SECOND_TURN = [
  message({
    role: "assistant",
    clientKey: "two",
    content: "",
    status: "pending",
    parentId: id("user-two"),
  }),
  message({
    role: "user",
    clientKey: "two",
    content: "And tomorrow?",
    parentId: id("assistant-one"),
  }),
];

const keys = (rows: ReturnType<typeof threadRows>) => rows.map((row) => row.key);

test("the newest stands last", () => {
  const rows = threadRows([...SECOND_TURN, ...FIRST_TURN], null);
  expect(rows.map((row) => row.kind)).toEqual(["question", "answer", "question", "answer"]);
  expect(rows[0]).toMatchObject({ text: "How high?", message: FIRST_TURN[1] });
  expect(lastAnswer(rows)?.status).toBe("pending");
});

test("a question on its way stands at the end, with room for its answer", () => {
  const rows = threadRows(FIRST_TURN, SENDING);
  expect(rows.slice(2)).toMatchObject([
    { kind: "question", text: "And tomorrow?", message: null },
    { kind: "answer", message: null, before: "" },
  ]);
});

test("from sending to listed, each row keeps its key, so that nothing is put up anew", () => {
  const sending = keys(threadRows(FIRST_TURN, SENDING));
  const accepted = keys(threadRows(FIRST_TURN, ACCEPTED));
  const both = keys(threadRows([...SECOND_TURN, ...FIRST_TURN], ACCEPTED));
  const listed = keys(threadRows([...SECOND_TURN, ...FIRST_TURN], null));
  expect(new Set(sending).size).toBe(4);
  expect(accepted).toEqual(sending);
  expect(both).toEqual(sending);
  expect(listed).toEqual(sending);
});

test("an accepted question's answer can be followed before the list has it", () => {
  expect(lastAnswer(threadRows([], ACCEPTED))).toMatchObject({
    _id: "assistant-two",
    status: "pending",
  });
});

test("every version of a message has the same place, and what follows has another", () => {
  const [, question] = FIRST_TURN;
  const other = message({ role: "user", clientKey: "edited", version: 2, versionCount: 2 });
  const answer = message({ role: "assistant", clientKey: "edited", parentId: other._id });
  expect(keys(threadRows([answer, other], null))).toEqual(keys(threadRows(FIRST_TURN, null)));
  expect(question?.parentId).toBe(other.parentId);
});

test("an answer and what continues it are one row that grows", () => {
  const cut = message({ role: "assistant", clientKey: "one", status: "failed", content: "Two me" });
  const [, question] = FIRST_TURN;
  const before = threadRows([cut, question!], null);
  const more = message({
    role: "assistant",
    clientKey: "more",
    status: "streaming",
    content: "",
    parentId: cut._id,
  });
  const rows = threadRows([more, cut, question!], null);
  expect(keys(rows)).toEqual(keys(before));
  expect(rows[1]).toMatchObject({ first: cut, before: "Two me", message: more });
});
