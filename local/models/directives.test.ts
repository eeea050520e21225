import { expect, test } from "vitest";
import { readDirectives } from "./directives.ts";

test("a plain question asks for nothing", () => {
  expect(readDirectives("How do I handle a 429, and should it stall?")).toEqual({
    fault: null,
    faultTimes: Infinity,
    length: null,
    tokensPerSecond: null,
  });
});

test.each([
  ["Please fail with 429", { kind: "status", status: 429 }],
  ["please fail with a 503.", { kind: "status", status: 503 }],
  ["please fail with the content filter", { kind: "prompt-filtered" }],
  ["please filter the answer", { kind: "answer-filtered", afterTokens: 20 }],
  ["please cut the answer after 7 tokens", { kind: "cut", afterTokens: 7 }],
  ["Write on and PLEASE STALL after 1 token", { kind: "stall", afterTokens: 1 }],
  ["please never begin", { kind: "stall", afterTokens: 0 }],
])("%s", (question, fault) => {
  expect(readDirectives(question).fault).toEqual(fault);
});

test("a fault can be for the first calls only", () => {
  expect(readDirectives("please fail with 500 once").faultTimes).toBe(1);
  expect(readDirectives("please fail with 500 twice").faultTimes).toBe(2);
  expect(readDirectives("please fail with 500 5 times").faultTimes).toBe(5);
});

test("an answer's length and pace can be asked for", () => {
  expect(readDirectives("answer with 4000 tokens at 500 tokens a second")).toMatchObject({
    length: { unit: "tokens", count: 4000 },
    tokensPerSecond: 500,
  });
  expect(readDirectives("Answer with 16000 characters").length).toEqual({
    unit: "characters",
    count: 16_000,
  });
});
