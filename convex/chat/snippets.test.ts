import fc from "fast-check";
import { expect, test } from "vitest";
import { searchWords, snippetOf } from "./snippets";

/** The snippet with its marks in brackets. */
function marked(text: string, query: string): string {
  const snippet = snippetOf(text, searchWords(query));
  let shown = "";
  let at = 0;
  for (const { start, end } of snippet.marks) {
    shown += `${snippet.text.slice(at, start)}[${snippet.text.slice(start, end)}]`;
    at = end;
  }
  return shown + snippet.text.slice(at);
}

test("words are marked where they begin a word, in any case", () => {
  expect(marked("The tide is no untidy thing: TIDES turn.", "tide")).toBe(
    "The [tide] is no untidy thing: [TIDE]S turn.",
  );
  expect(marked("Über Gezeiten", "über")).toBe("[Über] Gezeiten");
  expect(marked("über Gezeiten", "ÜBER, Gezeiten?")).toBe("[über] [Gezeiten]");
});

test("a word deep in a long text is shown with what stands around it, cut between words", () => {
  const text = `${"lorem ipsum ".repeat(400)}a spring tide comes ${"dolor sit ".repeat(400)}`;
  const shown = marked(text, "spring tide");
  expect(shown).toMatch(/^…(lorem|ipsum) /);
  expect(shown).toContain("a [spring] [tide] comes");
  expect(shown).toMatch(/…$/);
  expect(shown.length).toBeLessThan(200);
});

test("markdown is shown without its marks, on one line", () => {
  expect(marked("## The moon\n\n- pulls **hard**\n- turns `tides`", "tides")).toBe(
    "The moon pulls hard turns [tides]",
  );
});

test("what is not found shows how the text begins", () => {
  expect(marked("Nothing of that kind", "moon")).toBe("Nothing of that kind");
  expect(marked("Nothing of that kind", "?!")).toBe("Nothing of that kind");
});

test("with nothing to look for, a text shows its beginning without a mark", () => {
  expect(marked("null and void", "?!")).toBe("null and void");
  expect(marked(`${"lorem ipsum ".repeat(9)}null`, "?!")).toMatch(/^lorem/);
});

test("of two words that begin alike the longer is marked", () => {
  expect(marked("The tide", "ti tide")).toBe("The [tide]");
});

test("no more words are looked for than the search index takes", () => {
  const letters = "a b c d e f g h i j k l m n o p q r s t";
  expect(searchWords(letters)).toEqual(letters.split(" ").slice(0, 16));
});

test("a text begins at the found word when there is no other beginning near before it", () => {
  expect(marked(`${"~".repeat(60)}tide`, "tide")).toBe("…[tide]");
  expect(marked(`It was ${"~".repeat(60)} a tide`, "tide")).toBe("…a [tide]");
});

test("what follows is told of by an ellipsis, and only then", () => {
  expect(snippetOf("a".repeat(180), []).text).toBe("a".repeat(180));
  expect(snippetOf("a".repeat(181), []).text).toBe(`${"a".repeat(180)}…`);
  expect(snippetOf(`tide${" ".repeat(2000)}turns`, []).text).toBe("tide…");
});

test("no character is cut in two", () => {
  expect(snippetOf(`a${"🌊".repeat(100)}`, []).text).toBe(`a${"🌊".repeat(89)}…`);
});

test("the cells of a table are words of their own", () => {
  expect(marked("  | tide|time |", "time")).toBe("tide [time]");
  expect(marked("\n*a tide*", "tide")).toBe("*a [tide]*");
});

test("any query on any text gives marks inside a short whole text", () => {
  const texts = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ maxLength: 2000 }));
  fc.assert(
    fc.property(texts, fc.string({ unit: "grapheme" }), (text, query) => {
      const snippet = snippetOf(text, searchWords(query));
      expect(snippet.text.length).toBeLessThanOrEqual(182);
      let last = 0;
      for (const { start, end } of snippet.marks) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(snippet.text.length);
        last = end;
      }
    }),
  );
});
