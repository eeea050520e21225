import fc from "fast-check";
import { expect, test } from "vitest";
import { partialJson, readPartialDraft } from "./draftText";

const whole = {
  name: "Bakery “launch”",
  description: 'Open \\ the "corner" shop,\nin spring: {lease} [oven].',
  tasks: [
    { title: "Sign the lease", notes: "", priority: "high", dueInDays: 3 },
    { title: "東京 👍", notes: "a, b: c", priority: "normal", dueInDays: null },
  ],
};

test("a whole draft is read as it is", () => {
  expect(readPartialDraft(JSON.stringify(whole))).toEqual(whole);
});

test("wherever it breaks off, what is read is a beginning of the whole", () => {
  const text = JSON.stringify(whole, null, 1);
  for (let length = 0; length <= text.length; length++) {
    const draft = readPartialDraft(text.slice(0, length));
    expect(whole.name.startsWith(draft.name)).toBe(true);
    expect(whole.description.startsWith(draft.description)).toBe(true);
    expect(draft.tasks.length).toBeLessThanOrEqual(2);
    for (const [index, { title }] of draft.tasks.entries()) {
      expect(whole.tasks[index]?.title.startsWith(title.replace(/[\ud800-\udbff]$/, ""))).toBe(
        true,
      );
    }
  }
});

test("nothing is lost of a value that is whole", () => {
  const text = JSON.stringify(whole);
  const afterFirst = text.slice(0, text.indexOf('{"title":"東京'));
  expect(readPartialDraft(afterFirst).tasks).toEqual([whole.tasks[0]]);
});

test("any JSON that breaks off anywhere can be read, or is not there yet", () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (json, cut) => {
      const text = json.slice(0, cut % (json.length + 1));
      expect(() => partialJson(text)).not.toThrow();
      expect(partialJson(json)).toEqual(JSON.parse(json));
    }),
  );
});

test.each(["", "no JSON", "null", "[1,2", '{"tasks":"none"}', '{"tasks":[null,7]}'])(
  "%j is no reason to fail",
  (text) => {
    expect(() => readPartialDraft(text)).not.toThrow();
  },
);
