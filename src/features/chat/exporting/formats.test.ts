import { expect, test } from "vitest";
import type { Id } from "../../../../convex/_generated/dataModel";
import type { Message, Session } from "../message";
import { asJson, asMarkdown } from "./formats";

const AT = new Date(2026, 10, 20, 9, 5).getTime();

const session = {
  _id: "s" as Id<"chatSessions">,
  displayId: "CH-000042",
  title: 'What is "a/b"?',
  createdAt: AT,
  updatedAt: AT,
} as Session;

const turn = [
  { role: "user", content: "Why?", status: "complete", timestamp: AT, creditsUsed: 0 },
  { role: "assistant", content: "## Because\n\n- so", status: "stopped", timestamp: AT },
  { role: "assistant", content: " ", status: "failed", timestamp: AT },
] as Message[];

test("as markdown it is who spoke when and their own words; an answer that was cut says so", () => {
  const { name, text } = asMarkdown({ session, messages: turn });
  expect(name).toBe("CH-000042 What is a b.md");
  expect(text).toBe(
    [
      '# What is "a/b"?',
      "CH-000042, started 2026-11-20 09:05",
      "## You, 2026-11-20 09:05",
      "Why?",
      "## Assistant, 2026-11-20 09:05 (stopped)",
      "## Because\n\n- so\n",
    ].join("\n\n"),
  );
});

test("as JSON it holds every message, also those without words, and no id of the database", () => {
  const { name, text } = asJson({ session, messages: turn });
  expect(name).toBe("CH-000042 What is a b.json");
  const parsed = JSON.parse(text) as { messages: { content: string }[] };
  expect(parsed).toMatchObject({ format: "parley.chat", version: 1, displayId: "CH-000042" });
  expect(parsed.messages.map(({ content }) => content)).toEqual(turn.map((m) => m.content));
  expect(text).not.toContain("_id");
});
