import { expect, test, vi } from "vitest";
import { CodeColours } from "./code-colours";

const CODE = "const a = 1; // one\n/* two\nlines */\nreturn `x${a}`;";

async function coloured(colours: CodeColours, lines: number) {
  await vi.waitFor(() => expect(colours.lines()).toHaveLength(lines));
  return colours.lines();
}

const textOf = (lines: CodeColours["lines"] extends () => infer L ? L : never) =>
  lines.map((tokens) => tokens.map(({ text }) => text).join("")).join("\n");

test("lines are coloured as they become complete, each once, and the text stays the same", async () => {
  const colours = new CodeColours("ts", "");
  const stop = colours.subscribe(() => {});
  colours.read(CODE.slice(0, 22), false);
  const [first] = await coloured(colours, 1);
  expect(first?.some(({ color }) => color?.includes("keyword"))).toBe(true);
  colours.read(CODE, false);
  const three = await coloured(colours, 3);
  expect(three[0]).toBe(first);
  // A comment that was opened a line before.
  expect(three[2]?.[0]?.color).toContain("comment");
  colours.read(CODE, true);
  expect(textOf(await coloured(colours, 4))).toBe(CODE);
  stop();

  const again = new CodeColours("ts", CODE);
  expect(textOf(again.lines())).toBe(CODE);
});

test("a language that nobody knows, and names that objects have by themselves, stay plain", async () => {
  for (const language of ["klingon", "constructor", "__proto__"]) {
    const colours = new CodeColours(language, "");
    colours.subscribe(() => {});
    colours.read(CODE, true);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(colours.lines()).toEqual([]);
  }
});

test("another code in its place is coloured from its beginning", async () => {
  const colours = new CodeColours("ts", "");
  colours.subscribe(() => {});
  colours.read("let a;\nlet b;\n", false);
  await coloured(colours, 2);
  colours.read("if (x) y();\n", false);
  expect(textOf(await coloured(colours, 1))).toBe("if (x) y();");
});
