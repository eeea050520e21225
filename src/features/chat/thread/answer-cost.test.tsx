import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { AnswerCost } from "./answer-cost";

afterEach(cleanup);

const TOKENS = { prompt: 20, completion: 12, reasoning: 7, estimated: false };

type Ended = Parameters<typeof AnswerCost>[0]["answer"];

function open(answer: Omit<Ended, "model" | "content">, content = "Two metres.") {
  render(<AnswerCost answer={{ ...answer, content, model: "o4-mini" }} />);
  const button = screen.getByRole("button");
  expect(screen.queryByText("Credits")).toBeNull();
  fireEvent.click(button);
  return button.textContent;
}

test("in a word first, in full on demand", () => {
  const word = open({ status: "complete", creditsUsed: 3, tokens: TOKENS });
  expect(word).toBe("Cost: 12 tokens · 3 credits");
  const names = screen.getAllByRole("term").map(({ textContent }) => textContent);
  const values = screen.getAllByRole("definition").map(({ textContent }) => textContent);
  expect(names).toEqual([
    "Model",
    "Tokens sent",
    "Tokens written",
    "Tokens of reasoning",
    "Credits",
  ]);
  expect(values).toEqual(["o4-mini", "20", "5", "7", "3"]);
});

test("thousands of tokens are written as they are everywhere", () => {
  const tokens = { prompt: 20, completion: 1628, reasoning: 0, estimated: false };
  expect(open({ status: "complete", creditsUsed: 3, tokens })).toBe(
    "Cost: 1,628 tokens · 3 credits",
  );
});

test("estimated tokens are marked as such", () => {
  const tokens = { prompt: 20, completion: 12, reasoning: 0, estimated: true };
  expect(open({ status: "stopped", creditsUsed: 3, tokens })).toBe("Cost: ≈12 tokens · 3 credits");
  expect(screen.getByText(/estimated by Parley/)).toBeDefined();
});

test("one token is one token", () => {
  const tokens = { prompt: 20, completion: 1, reasoning: 0, estimated: true };
  expect(open({ status: "stopped", creditsUsed: 0, tokens })).toBe("Cost: ≈1 token");
});

test("a failed answer that was given back says that it cost nothing", () => {
  expect(open({ status: "failed", creditsUsed: 0, tokens: null })).toBe("Cost: not charged");
});

test.each([null, { prompt: 20, completion: 0, reasoning: 0, estimated: true }])(
  "so does one that was stopped before any text: tokens %j",
  (tokens) => {
    expect(open({ status: "stopped", creditsUsed: 0, tokens }, "")).toBe("Cost: not charged");
  },
);
