import { expect, test } from "vitest";
import { answerText } from "./answer.ts";

test("asked for a title, it names what the quoted question is about, and does nothing else", () => {
  const title = answerText([
    { role: "developer", content: "Write a title for this conversation: two to six words." },
    { role: "user", content: "The question:\n\nWhy is the evening sky red in a table?" },
  ]);
  expect(title).toBe("Evening sky red table");
});
