import { expect, test } from "vitest";
import { answerText, answerTokens } from "./answer.ts";
import type { RequestMessage } from "./request.ts";

const user = (content: string): RequestMessage => ({ role: "user", content });
const assistant = (content: string): RequestMessage => ({ role: "assistant", content });

test("the first answer of a conversation, and no other, says what this is and how to leave it", () => {
  const first = answerText([user("Why is the sky blue?")]);
  expect(first).toMatch(/demonstration model, not a real one/);
  for (const name of ["AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_KEY", "AZURE_OPENAI_DEPLOYMENT"]) {
    expect(first).toContain(name);
  }
  const second = answerText([user("Why is the sky blue?"), assistant("…"), user("And at night?")]);
  expect(second).not.toContain("AZURE_OPENAI_ENDPOINT");
});

test("an answer repeats its question and differs from another's", () => {
  const one = answerText([user("Why is the sky blue?")]);
  expect(one).toContain("Why is the sky blue?");
  expect(answerText([user("Why is grass green?")])).not.toBe(one);
});

test("an answer is markdown with a list, a table and code, or one of them when that is asked for", () => {
  const long = answerText([user("Why is the sky blue?")]);
  const table = answerText([user("Make me a table")]);
  const code = answerText([user("Write a function")]);
  const list = answerText([user("Give me a list")]);
  for (const text of [long, list]) expect(text).toMatch(/^1\. \*\*/m);
  for (const text of [long, table]) expect(text).toMatch(/^\| --- \| --- \|/m);
  for (const text of [long, code]) expect(text).toMatch(/^```ts\n[^`]+^```$/m);
  expect(table).not.toContain("```");
  expect(new Set([long, table, code, list].map((text) => text.length)).size).toBe(4);
});

test("asked for formulas or a diagram, it writes some", () => {
  const formulas = answerText([user("Show me formulas")]);
  expect(formulas).toMatch(/\$\$[^$]+\$\$/);
  expect(formulas).toMatch(/^\\\[\n[^\n]+\n\\\]$/m);
  expect(answerText([user("Draw a diagram")])).toMatch(/^```mermaid\n[^`]+^```$/m);
});

test("asked for what was said before, it lists the history that it was sent", () => {
  const text = answerText([
    { role: "developer", content: "Be kind." },
    user("My name is Ada."),
    assistant("Hello Ada."),
    user("How many messages were there before?"),
  ]);
  expect(text).toContain("I was sent 3 messages");
  expect(text).toContain("You said: “My name is Ada.”");
  expect(text).toContain("I said: “Hello Ada.”");
});

test("asked for its context, it quotes the developer messages", () => {
  const text = answerText([
    { role: "developer", content: "Project: a bridge\nTask: the pillars" },
    user("What context do you have?"),
  ]);
  expect(text).toContain("> Project: a bridge\n> Task: the pillars");
});

test.each([1, 2, 117, 118, 119, 1000, 4096, 64_000])("an answer of %i characters", (count) => {
  const text = answerTokens([user("Long")], { unit: "characters", count }).join("");
  expect(text.length).toBe(count);
  expect(text.isWellFormed()).toBe(true);
});

test.each([0, 1, 60, 4000])("an answer of %i tokens", (count) => {
  expect(answerTokens([user("Long")], { unit: "tokens", count })).toHaveLength(count);
});
