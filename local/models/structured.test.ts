import { expect, test } from "vitest";
import { structuredText } from "./structured.ts";

const schema = {
  type: "object",
  required: ["name", "items"],
  properties: {
    name: { type: "string" },
    summary: { type: "string" },
    items: {
      type: "array",
      items: {
        type: "object",
        properties: {
          title: { type: "string" },
          priority: { type: "string", enum: ["low", "high"] },
          days: { type: ["integer", "null"] },
          isOpen: { type: "boolean" },
        },
      },
    },
  },
};

function answer(content: string) {
  return JSON.parse(structuredText([{ role: "user", content }], schema)) as {
    name: string;
    summary: string;
    items: { title: string; priority: string; days: number | null; isOpen: boolean }[];
  };
}

test("the answer follows the schema, with words from the question", () => {
  const { name, summary, items } = answer("open a bakery, please fail with 429 once");
  expect(name).toBe("Open a bakery");
  expect(summary).toContain("Open a bakery");
  expect(new Set(items.map(({ title }) => title)).size).toBe(items.length);
  for (const { priority, days, isOpen } of items) {
    expect(["low", "high"]).toContain(priority);
    expect(days === null || Number.isInteger(days)).toBe(true);
    expect(typeof isOpen).toBe("boolean");
  }
  expect(items.some(({ days }) => days === null)).toBe(true);
});

test("a question without words has an answer too", () => {
  expect(answer("…").name).toBe("Something new");
});
